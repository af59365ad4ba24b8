import type { DecisionKind, ExternalAction } from '@autopack/contract/external-actions'
import { lazy, Suspense } from 'react'
import { AgentText } from '../../shared/agent-text.tsx'
import { Badge } from '../../shared/badge.tsx'
import { toSealedUntil } from '../../shared/sealed-until.ts'
import { StateMark, type MarkKind } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'

const FieldLabel = lazy(async () => ({ default: (await import('./field-label.tsx')).FieldLabel }))

const marks: Record<DecisionKind, { kind: MarkKind; label: string }> = {
  approve: { kind: 'ok', label: 'Approved' },
  reject: { kind: 'halted', label: 'Rejected' },
  ask_change: { kind: 'idle', label: 'Asked for a change' },
  revoke: { kind: 'halted', label: 'Revoked' },
  veto: { kind: 'halted', label: 'Vetoed' },
}
const rejectWords = { never: 'never', not_now: 'not now', change_this: 'change this' } as const

/** Who said what, when, why and how strongly; oldest first. */
export function DecisionList({ action }: { action: ExternalAction }) {
  if (action.decisions.length === 0) {
    return (
      <p className="muted">
        {action.authorized_by === 'policy'
          ? 'No person was asked: the grant of its kind allows it.'
          : action.state === 'PENDING'
            ? 'Nobody has decided yet.'
            : 'Nobody decided.'}
      </p>
    )
  }
  return (
    <ul className="act-decisions">
      {action.decisions.map((decision) => (
        <li key={decision.decision_id}>
          <p>
            <StateMark {...marks[decision.kind]} />
            {decision.reject_kind !== null && <span>as {rejectWords[decision.reject_kind]}</span>}
            <span>
              by <b>{decision.decided_by.name}</b>, <Time at={decision.decided_at} form="clock" />
            </span>
            {decision.kind === 'approve' && !decision.signed && (
              <Badge icon="info" title="No passkey signed it: it carries the session of that person.">
                not signed
              </Badge>
            )}
            {action.revisions.length > 1 && (
              <span className="muted">
                about revision {decision.revision}
                {decision.kind === 'approve' && decision.revision !== action.revision && ', which no longer counts'}
              </span>
            )}
          </p>
          <p>
            {decision.field !== null && (
              <>
                <Suspense fallback={<code>{decision.field}</code>}>
                  <FieldLabel provider={action.provider} operation={action.operation} pointer={decision.field} />
                </Suspense>{' '}
              </>
            )}
            {decision.reason === null ? (
              <span className="muted">The reason is sealed {toSealedUntil(action)}.</span>
            ) : (
              <q>
                <AgentText text={decision.reason} lines />
              </q>
            )}
          </p>
        </li>
      ))}
    </ul>
  )
}
