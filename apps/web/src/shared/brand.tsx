/** The mark and the name; `environment`: what this deployment calls itself. */
export function Brand({ environment }: { environment?: string }) {
  return (
    <span className="brand">
      <svg viewBox="0 0 18 18" aria-hidden="true">
        <path d="M3 15V6a3 3 0 0 1 3-3h6a3 3 0 0 1 3 3v9" />
        <path d="M3 10h3.5M11.5 10H15" />
      </svg>
      <span className="brandname">Autopack</span>
      {environment && <span className="env">{environment}</span>}
    </span>
  )
}
