import { hasRole } from '@autopack/contract/roles'
import { useQuery } from '@tanstack/react-query'
import { Link } from '../../shared/link.tsx'
import { AgentText } from '../../shared/agent-text.tsx'
import { CommandLine } from '../../shared/command-line.tsx'
import { Empty } from '../../shared/empty.tsx'
import { formatTotal } from '../../shared/format-count.ts'
import { useSession } from '../../shared/session.ts'
import { statusQuery } from '../../shared/status-queries.ts'
import type { QueueChoice, Scope } from './queue-filter.ts'

type Props = {
  scope: Scope
  /** What narrows the list; null: nothing. */
  words: Pick<QueueChoice, 'q'> | null
  /** Of the scope without what narrows it; undefined: not known yet. */
  all: { count: number; exact: boolean } | undefined
  open: number
  clearTo: string
}

/** Why there is no row: nothing matches, nothing is this person's, or there never was one; and what makes rows appear. */
export function NothingWaits({ scope, words, all, open, clearTo }: Props) {
  const { operator } = useSession()
  const { data: status } = useQuery(statusQuery)
  if (words !== null && all !== undefined && all.count > 0) {
    return (
      <Empty title={`0 of ${formatTotal(all)} match`}>
        <p className="muted">
          {words.q === '' ? (
            'No row has all of what is chosen at the left.'
          ) : (
            <>
              None has “<AgentText text={words.q} />” in its words, target, seal or id, beside what else is chosen.
            </>
          )}
        </p>
        <Link className="btn" to={clearTo}>
          Clear the filter
        </Link>
      </Empty>
    )
  }
  if (scope === 'actionable' && open > 0) {
    return (
      <Empty title="Nothing needs you">
        <p className="muted">
          {open === 1 ? '1 waits' : `${open} wait`} for{' '}
          {hasRole(operator.role, 'approver') ? 'somebody else' : 'an approver: viewers look and do not decide'}.
        </p>
        <Link className="btn" to="/approvals?scope=open">
          Show all open
        </Link>
      </Empty>
    )
  }
  return (
    <Empty title={scope === 'decided' ? 'Nothing was decided yet' : 'Nothing needs you'}>
      <p className="muted">
        {scope === 'decided'
          ? 'What was decided, and what expired, stays here for good, with who decided, when and why.'
          : 'When an agent wants to do something outside, to change protected files, or asks whether to go on, it waits here until a person decides. This is how it begins:'}
      </p>
      {scope !== 'decided' &&
        status !== undefined &&
        (status.demo ? <CommandLine command="npm run demo:run" /> : <Link to="/settings/keys">Make a key for an executor</Link>)}
    </Empty>
  )
}
