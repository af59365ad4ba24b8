import type { RequestDecisionKind } from '@autopack/contract/requests'
import type { ReactNode } from 'react'
import { AgentText } from '../../shared/agent-text.tsx'
import { Time } from '../../shared/time.tsx'
import { toRequestRefusal } from './request-refusal-words.ts'
import type { WaitingRequest } from './request-queries.ts'
import { OwnRequestMark } from './own-request-mark.tsx'
import { UnsentWords } from './unsent-words.tsx'
import { useOutcomeFocus } from './use-outcome-focus.ts'

const decisionNames: Record<RequestDecisionKind, string> = { approve: 'Approved', reject: 'Rejected', ask_change: 'Asked back' }
const rejectWords = { never: 'never', not_now: 'not now' } as const

type Props = { request: WaitingRequest; error: unknown; unsent: string; /** This person decided it just now, on this page. */ own: boolean }

/**
 * What became of it, for good: who decided what, when and why. `error` and `unsent`: what this person tried and typed, which stays readable
 * when somebody else was first.
 */
export function RequestOutcome({ request, error, unsent, own }: Props) {
  const heading = useOutcomeFocus(own && request.state !== 'PENDING')
  if (request.state === 'PENDING') return null
  const refusal = error === null ? null : toRequestRefusal(error)
  const name = request.executor.name
  return (
    <section className="outcome" aria-labelledby="outcome-title">
      <h2 className="sr" id="outcome-title" ref={heading} tabIndex={-1}>
        What became of it
      </h2>
      <dl className="sheet">
        {request.decisions.map((decision) => (
          <Row key={decision.decision_id} name={decisionNames[decision.kind]}>
            by <b>{decision.decided_by.name}</b>, <Time at={decision.decided_at} form="clock" />
            {decision.reject_kind !== null && (
              <>
                , as <b>{rejectWords[decision.reject_kind]}</b>
              </>
            )}
            {decision.sole_operator && <OwnRequestMark />}
            <br />
            {decision.field !== null && (
              <>
                <code>
                  <AgentText text={decision.field} />
                </code>{' '}
              </>
            )}
            <q>
              <AgentText text={decision.reason} />
            </q>
          </Row>
        ))}
        {request.kind === 'governance_request' && request.authorized_by === 'policy' && (
          <Row name={request.state === 'APPROVED' ? 'Approved' : 'Rejected'}>
            by the policy
            {request.decided_at !== null && (
              <>
                , <Time at={request.decided_at} form="clock" />
              </>
            )}
            : {request.policy_reason}
          </Row>
        )}
        {request.state === 'EXPIRED' && (
          <Row name="Expired">
            Nobody decided by <Time at={request.decide_by} form="clock" />. {name} was told no, because nobody answered in time; it may ask again.
          </Row>
        )}
        {request.state === 'CHANGE_ASKED' && <Row name="Next">This one is over. {name} reads what should change and may ask anew.</Row>}
        {(refusal !== null || unsent.trim() !== '') && (
          <Row name="Yours">
            <UnsentWords refusal={refusal} unsent={unsent} />
          </Row>
        )}
      </dl>
    </section>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
