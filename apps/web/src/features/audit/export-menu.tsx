import { exportAudit, exportAuditEvents } from '@autopack/contract/audit'
import { hasRole } from '@autopack/contract/roles'
import { consolePath } from '@autopack/contract/route'
import { useSession } from '../../shared/session.ts'
import { Menu } from './menu.tsx'

/** What can be taken away: the answer to this query as far as this person sees it, and for admins the whole chain. */
export function ExportMenu({ query, count }: { query: string; count: string | null }) {
  const { operator } = useSession()
  const toAddress = (format: 'csv' | 'ndjson') =>
    `${consolePath(exportAuditEvents.path)}?${new URLSearchParams({ ...(query !== '' && { q: query }), format }).toString()}`
  return (
    <Menu words="Export" icon="download" label="Export" width={340}>
      <h2>
        {query === '' ? 'Everything you may see' : 'What this query finds'}
        {count !== null && `, ${count}`}
      </h2>
      <a className="menu-item" href={toAddress('csv')} download="audit.csv">
        <b>CSV</b>
        <span>For spreadsheets: one event a row. No cell runs as a formula.</span>
      </a>
      <a className="menu-item" href={toAddress('ndjson')} download="audit.ndjson">
        <b>NDJSON</b>
        <span>For programs: one event a line, whole, with its seq and hash.</span>
      </a>
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
