import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { useQuery } from '@tanstack/react-query'
import { Link } from '../../shared/link.tsx'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { externalActionQuery } from '../../shared/external-action-queries.ts'
import { LedgerMark } from '../../shared/ledger/ledger-mark.tsx'
import { ObservedTable } from '../../shared/ledger/observed-table.tsx'
import { RevokeControl } from '../../shared/ledger/revoke-control.tsx'
import { ProblemPanel } from '../../shared/problem-panel.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { Skeleton } from '../../shared/skeleton.tsx'
import { ActionSteps } from './action-steps.tsx'

/** The selected row, told: its sentence, what was read back, what happened, and the way to stop it. */
export function LedgerInspector({ summary, actionable }: { summary: ExternalActionSummary | null; actionable: boolean }) {
  if (summary === null) {
    return (
      <aside className="pane-r ledgerpane" aria-label="No action selected">
        <p className="insp muted">Nothing is selected.</p>
      </aside>
    )
  }
  return <Inspected key={summary.action_id} summary={summary} actionable={actionable} />
}

function Inspected({ summary, actionable }: { summary: ExternalActionSummary; actionable: boolean }) {
  const query = useQuery(externalActionQuery(summary.action_id))
  const action = query.data
  return (
    <aside className="pane-r ledgerpane" aria-label={`Selected: ${toAgentWords(summary.title)}`}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it stays beside a long list, and what scrolls by itself must be reachable */}
      <div className="insp" tabIndex={0}>
        <div className="ledgerpane-top">
          <LedgerMark action={action ?? summary} actionable={actionable} />
          <span className="end mono faint clip">{summary.action_id}</span>
        </div>
        <h2 className="ledgerpane-s">
          <SentenceText sentence={summary.sentence} capital />
        </h2>
        {action !== undefined && (
          <>
            <ObservedTable action={action} brief />
            <hr />
            <div>
              <h3>What happened</h3>
              <ActionSteps action={action} />
            </div>
          </>
        )}
        {action === undefined && query.error === null && <Skeleton rows={4} label="Reading the action" />}
        {query.error !== null && <ProblemPanel title="The action could not be read" error={query.error} onRetry={() => void query.refetch()} />}
        <SealMark seal={summary.seal} />
      </div>
      <div className="ledgerpane-act">
        <RevokeControl action={summary} />
        {summary.state === 'UNKNOWN' && (
          <Link className="btn" to={`/actions/${summary.action_id}#resolve`}>
            Look it up…
          </Link>
        )}
        {summary.state === 'PENDING' && (
          <Link className="btn" to={`/approvals/${summary.action_id}`}>
            Decision page
          </Link>
        )}
        <Link className="btn quiet end" to={`/actions/${summary.action_id}`}>
          Open
        </Link>
      </div>
    </aside>
  )
}
