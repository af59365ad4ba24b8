import { exportAudit } from '@autopack/contract/audit'
import { hasRole } from '@autopack/contract/roles'
import { consolePath } from '@autopack/contract/route'
import { useSession } from '../../shared/session.ts'
import { Menu } from './menu.tsx'

/** What can be taken away: for admins the whole chain. */
export function ExportMenu() {
  const { operator } = useSession()
  return (
    <Menu words="Export" icon="download" label="Export" width={340}>
      <h2>The whole log</h2>
      {hasRole(operator.role, 'admin') ? (
        <a className="menu-item" href={consolePath(exportAudit.path)} download="audit-log.ndjson">
          <b>NDJSON for the verifier</b>
          <span>Every event of everybody, without a gap: what anybody can verify offline, against checkpoints.</span>
        </a>
      ) : (
        <p className="muted">An admin can take the whole chain, which is what the verifier checks. You are {operator.role}.</p>
      )}
    </Menu>
  )
}
