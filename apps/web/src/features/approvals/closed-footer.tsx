import type { DecisionKind, ExternalAction } from '@autopack/contract/external-actions'
import { Link } from '../../shared/link.tsx'
import { AgentText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { compareSent } from '../../shared/ledger/compare-sent.ts'
import { formatHoldClock } from '../../shared/ledger/format-hold-clock.ts'
import { LedgerMark } from '../../shared/ledger/ledger-mark.tsx'
import { RevokeControl } from '../../shared/ledger/revoke-control.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { useServerNow } from '../../shared/server-clock.ts'
import { Time } from '../../shared/time.tsx'

const decidedWords: Record<DecisionKind, string> = {
  approve: 'approved',
  reject: 'rejected',
  ask_change: 'change asked for',
  revoke: 'revoked',
  veto: 'vetoed',
}

/** Once it is closed: what it came to, by whom and why; the page stays. While it may still go out, taking it back is one press away. */
export function ClosedFooter({ action, ownId, next }: { action: ExternalAction; ownId: string; next: string | null }) {
  const decision = action.decisions.at(-1)
  const equality = compareSent(action)
  const nowMs = useServerNow()
  const hold = action.state === 'APPROVED' && action.not_before !== null ? formatHoldClock(Date.parse(action.not_before) - nowMs) : null
  const saysItself = hold === null && ['REJECTED', 'APPROVED', 'REVOKED'].includes(action.state)
  return (
    <footer className="decide-foot" aria-label="Decision">
      <div className="decide-foot-in closed" data-more={action.state === 'APPROVED' || undefined} data-hold={hold !== null || undefined}>
        {hold !== null && (
          <p className="foot-hold">
            <Icon name="hold" /> <span className="tn">{hold}</span>
          </p>
        )}
        <div className="foot-state">
          <p className="foot-words">
            {hold === null ? <LedgerMark action={action} /> : <span>Goes out when the clock ends,</span>}{' '}
            {equality !== null && action.observed === null && (
              <span className={equality.verdict === 'different' ? 'irrev' : 'muted'}>{equality.title}</span>
            )}
            {action.observed !== null && <span className="muted">{toObservedSummary(action.observed)}</span>}
            {equality === null && decision !== undefined && (
              <span className="muted">
                {saysItself ? '' : `${decidedWords[decision.kind]} `}by {decision.decided_by.operator_id === ownId ? 'you' : decision.decided_by.name}
                , <Time at={decision.decided_at} form="short" />
                {': '}
                {decision.reason === null ? (
                  'the reason is sealed'
                ) : (
                  <q>
                    <AgentText text={decision.reason} />
                  </q>
                )}
              </span>
            )}
          </p>
          <p className="foot-seal">
            <Link to={`/actions/${action.action_id}`}>Ledger</Link>
            <SealMark seal={action.seal} to="?view=seal" big />
          </p>
        </div>
        {action.state === 'UNKNOWN' ? (
          <Link className="btn lg sign" to={`/actions/${action.action_id}#resolve`}>
            Look it up
          </Link>
        ) : (
          action.state !== 'APPROVED' && (
            <Link className="btn lg sign" to={next ?? '/approvals?scope=decided'}>
              {next === null ? 'All decided' : 'Next'}
              {next !== null && (
                <span className="keys" aria-hidden="true">
                  <kbd className="kbd">]</kbd>
                </span>
              )}
            </Link>
          )
        )}
        {action.state === 'APPROVED' && (
          <Link className="btn lg quiet foot-next" to={next ?? '/approvals?scope=decided'}>
            {next === null ? 'All decided' : 'Next'}
          </Link>
        )}
        <RevokeControl action={action} large />
      </div>
    </footer>
  )
}

function toObservedSummary(observed: NonNullable<ExternalAction['observed']>): string {
  return {
    verified: 'proposed = approved = observed',
    drifted: 'what is there is not what was approved',
    cannot_verify: 'what is there cannot be read',
  }[observed]
}
