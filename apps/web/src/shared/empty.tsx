import type { ReactNode } from 'react'

/** Nothing here: what would be here, and the one thing that makes it appear. */
export function Empty({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <h2>{title}</h2>
      {children}
    </div>
  )
}
