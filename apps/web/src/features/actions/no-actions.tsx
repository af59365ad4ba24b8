import { useQuery } from '@tanstack/react-query'
import { Link } from '../../shared/link.tsx'
import { CommandLine } from '../../shared/command-line.tsx'
import { Empty } from '../../shared/empty.tsx'
import { formatTotal } from '../../shared/format-count.ts'
import { statusQuery } from '../../shared/status-queries.ts'
import { ledgerCountQuery } from './ledger-queries.ts'

/** No rows: because nothing was ever proposed, or because of the filter. */
export function NoActions({ filtered }: { filtered: boolean }) {
  const { data: status } = useQuery(statusQuery)
  const all = useQuery({ ...ledgerCountQuery({}), enabled: filtered }).data
  if (filtered) {
    return (
      <Empty title={all === undefined ? 'Nothing matches' : `0 of ${formatTotal(all)} match`}>
        <p className="muted">No action has that state, provider or those words.</p>
        <Link className="btn" to="/actions">
          Clear filters
        </Link>
      </Empty>
    )
  }
  return (
    <Empty title="Nothing was proposed yet">
      <p className="muted">
        Everything an agent wants to do outside is written here, from the proposal to what was read back, whatever came of it. This is how it begins:
      </p>
      {status !== undefined &&
        (status.demo ? <CommandLine command="npm run demo:run" /> : <Link to="/settings/keys">Make a key for an executor</Link>)}
    </Empty>
  )
}
