import { useQuery } from '@tanstack/react-query'
import { Link } from '../shared/link.tsx'
import { NavLink } from '../shared/nav-link.tsx'
import { actionableQueueQuery } from '../shared/approval-queue-queries.ts'
import { Brand } from '../shared/brand.tsx'
import { formatTotal } from '../shared/format-count.ts'
import { statusQuery } from '../shared/status-queries.ts'
import { ThemeSwitch } from '../shared/theme-switch.tsx'
import { BrakeLink } from './brake-link.tsx'
import { FreshnessChip } from './freshness-chip.tsx'
import { UserMenu } from './user-menu.tsx'
import './top-bar.css'

export function TopBar() {
  const status = useQuery(statusQuery)
  const queue = useQuery(actionableQueueQuery)
  const waiting = queue.data?.total
  return (
    <header className="topbar">
      <Link className="plain" to="/">
        <Brand environment={status.data?.environment} />
        <span className="sr">, to Now</span>
      </Link>
      <nav className="nav" aria-label="Main">
        <NavLink to="/" end>
          Now
        </NavLink>
        <NavLink to="/approvals">
          Approvals
          {waiting && waiting.count > 0 && (
            <>
              <span className="count">{formatTotal(waiting)}</span>
              <span className="sr">{status.data?.control.brake_engaged ? ' wait, the brake is engaged' : ' need you'}</span>
            </>
          )}
        </NavLink>
        <NavLink to="/runs">Runs</NavLink>
        <NavLink to="/actions">Actions</NavLink>
        <NavLink to="/audit">Audit</NavLink>
        <NavLink to="/limits">Limits</NavLink>
      </nav>
      <div className="topbar-end">
        <FreshnessChip />
        <ThemeSwitch />
        <UserMenu />
        <BrakeLink />
      </div>
    </header>
  )
}
