import type { ReactNode } from 'react'

/** Nothing here: what would be here, and the one thing that makes it appear. `asPage`: it is all that the page says, so its title is the page's. */
export function Empty({ title, asPage, children }: { title: string; asPage?: boolean; children?: ReactNode }) {
  return (
    <div className="empty">
      {asPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  )
}
