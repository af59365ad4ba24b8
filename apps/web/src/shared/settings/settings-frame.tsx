import type { ReactNode } from 'react'
import { NavLink } from '../nav-link.tsx'
import { PageTitle } from '../page-title.tsx'
import './settings.css'

/** The head of every settings page: what it is, and the way to the others. `act` stands at its end. */
export function SettingsFrame({ title, act, children }: { title: string; act?: ReactNode; children: ReactNode }) {
  return (
    <>
      <PageTitle>{title}</PageTitle>
      <div className="pagehead settings-head">
        <h1>{title}</h1>
        <nav className="settings-nav" aria-label="Settings">
          <NavLink to="/settings/me">You</NavLink>
          <NavLink to="/settings/people">People</NavLink>
          <NavLink to="/settings/keys">Executor keys</NavLink>
        </nav>
        {act !== undefined && <span className="end">{act}</span>}
      </div>
      {children}
    </>
  )
}
