import { useEffect, useState } from 'react'

const widths = [
  [62, 480, 46],
  [62, 400, 46],
  [58, 506, 44],
  [62, 380, 46],
]

/** Rows to come. Nothing for the first 300 ms: most answers are quicker, and a flash is worse than a pause. */
export function Skeleton({ rows = 4, label = 'Loading' }: { rows?: number; label?: string }) {
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300)
    return () => clearTimeout(timer)
  }, [])
  return (
    <div className="skel" aria-busy="true">
      <span className="sr" role="status">
        {late ? label : ''}
      </span>
      {late &&
        Array.from({ length: rows }, (_, row) => (
          <div className="skrow" key={row} aria-hidden="true">
            {widths[row % widths.length]!.map((width, cell) => (
              <span className="sk" key={cell} style={{ width, flex: cell === 1 ? '0 1 auto' : 'none' }} />
            ))}
          </div>
        ))}
    </div>
  )
}
