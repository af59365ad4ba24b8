import { useServerNow } from './server-clock.ts'

/** Time left to decide, burning toward the left. `other`: somebody else has to act, so it is not warm. */
export function Fuse({ from, to, other }: { from: string; to: string; other?: boolean }) {
  const nowMs = useServerNow()
  const whole = Date.parse(to) - Date.parse(from)
  const left = Math.min(1, Math.max(0, (Date.parse(to) - nowMs) / Math.max(1, whole)))
  return (
    <span className={other ? 'fuse other' : 'fuse'} aria-hidden="true">
      <i style={{ width: `${(left * 100).toFixed(2)}%` }} />
    </span>
  )
}
