import type { DecisionKind, ExternalAction } from '@autopack/contract/external-actions'
import type { ReactNode } from 'react'
import { Link } from '../../shared/link.tsx'
import { Badge } from '../../shared/badge.tsx'
import { Icon } from '../../shared/icon.tsx'
import { Time } from '../../shared/time.tsx'
import { AgentText, toAgentWords } from '../../shared/agent-text.tsx'
import { ObservedTable } from '../../shared/ledger/observed-table.tsx'
import { toRefusal } from '../../shared/ledger/refusal-words.ts'
import { OwnRequestMark } from './own-request-mark.tsx'
import { UnsentWords } from './unsent-words.tsx'
import { useOutcomeFocus } from './use-outcome-focus.ts'
import { compareSent, toSafeLink, toSentWords } from '../../shared/ledger/compare-sent.ts'

type RecordedDecision = ExternalAction['decisions'][number]

type Props = {
  action: ExternalAction
  /** What the fields of the payload are called, by their pointers. */
  labels: ReadonlyMap<string, string>
  error: unknown
  unsent: string
  /** This person decided it just now, on this page. */
  own: boolean
}

/**
 * What became of it: who decided what and why, and then what happened outside. `error` and `unsent`: what this person tried and typed,
 * which stays readable when somebody else was first.
 */
export function Outcome({ action, labels, error, unsent, own }: Props) {
  const heading = useOutcomeFocus(own && (action.state !== 'PENDING' || action.change_request !== null))
  const refusal = error === null ? null : toRefusal(error)
  if (action.state === 'PENDING' && action.decisions.length === 0) return null
  return (
    <section className="outcome" aria-labelledby="outcome-title">
      <h2 className="sr" id="outcome-title" ref={heading} tabIndex={-1}>
        What became of it
      </h2>
      <dl className="sheet">
        {action.decisions.map((decision) => (
          <Row key={decision.decision_id} name={decisionNames[decision.kind]}>
            <DecisionLine decision={decision} revision={action.revision} labels={labels} />
          </Row>
        ))}
        {action.change_request !== null && (
          <Row name="Next">
            {action.executor.name} has to send another revision; nobody can approve this one. Without one it expires,{' '}
            <Time at={action.decide_by} form="clock" />.
          </Row>
        )}
        <Ending action={action} />
        {action.state !== 'PENDING' && (refusal !== null || unsent.trim() !== '') && (
          <Row name="Yours">
            <UnsentWords refusal={refusal} unsent={unsent} />
          </Row>
        )}
      </dl>
    </section>
  )
}

function Row({ name, irreversible, children }: { name: string; irreversible?: boolean; children: ReactNode }) {
  return (
    <>
      <dt className={irreversible ? 'irrev' : undefined}>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}

const decisionNames: Record<DecisionKind, string> = {
  approve: 'Approved',
  reject: 'Rejected',
  ask_change: 'Asked back',
  revoke: 'Revoked',
  veto: 'Vetoed',
}
const rejectWords = { never: 'never', not_now: 'not now', change_this: 'change this' } as const

function DecisionLine({ decision, revision, labels }: { decision: RecordedDecision; revision: number; labels: ReadonlyMap<string, string> }) {
  return (
    <>
      by <b>{decision.decided_by.name}</b>, <Time at={decision.decided_at} form="clock" />
      {decision.reject_kind !== null && (
        <>
          , as <b>{rejectWords[decision.reject_kind]}</b>
        </>
      )}
      {decision.revision !== revision && <span className="muted"> (of revision {decision.revision}, which no longer counts)</span>}{' '}
      {!decision.signed && decision.kind === 'approve' && (
        <Badge icon="info" title="No passkey signed it: it carries the session of that person.">
          not signed
        </Badge>
      )}
      {decision.sole_operator && <OwnRequestMark />}
      <br />
      {decision.field !== null && (
        <>
          about <FieldName pointer={decision.field} label={labels.get(decision.field)} />{' '}
        </>
      )}
      {decision.reason === null ? (
        <span className="muted">The reason is sealed.</span>
      ) : (
        <q>
          <AgentText text={decision.reason} />
        </q>
      )}
    </>
  )
}

/** A field as people know it, with its place for those who do not; unknown ones by their place alone. */
function FieldName({ pointer, label }: { pointer: string; label: string | undefined }) {
  if (label === undefined) return <AgentText text={pointer} />
  return <b title={toAgentWords(pointer)}>{label}</b>
}

function Ending({ action }: { action: ExternalAction }) {
  const { execution } = action
  if (execution === null) return <Unexecuted action={action} />
  const equality = compareSent(action)
  const link = toSafeLink(execution.external_url)
  return (
    <>
      <Row name="Taken">
        by {action.executor.name}, <Time at={execution.claimed_at} form="clock" />
        <span className="dot" />
        {toSentWords(action)}
        {execution.finished_at === null && action.state === 'EXECUTING' && (
          <>
            <span className="dot" />
            <span className="muted">
              lease until <Time at={execution.lease_until} form="clock" />
            </span>
          </>
        )}
      </Row>
      {equality !== null && (
        <Row name="Compared" irreversible={equality.verdict === 'different'}>
          <span className={equality.verdict === 'different' ? 'irrev' : undefined}>
            <Icon name={equality.verdict === 'equal' ? 'ok' : equality.verdict === 'different' ? 'failed' : 'none'} /> <b>{equality.title}</b>
          </span>
          <br />
          <span className="muted">{equality.detail}</span>
        </Row>
      )}
      {execution.observed !== null && (
        <Row name="Observed">
          <ObservedTable action={action} />
        </Row>
      )}
      {execution.external_object_id !== null && (
        <Row name="Outside">
          object <AgentText text={execution.external_object_id} />{' '}
          {link !== null ? (
            <a href={link} target="_blank" rel="noreferrer noopener">
              open it at {new URL(link).host} <Icon name="arrow-ur" small />
            </a>
          ) : (
            execution.external_url !== null && (
              <span className="muted">
                its address is not a web address: <AgentText text={execution.external_url} />
              </span>
            )
          )}
        </Row>
      )}
      {(execution.error_code !== null || execution.error_summary !== null) && (
        <Row name="Error" irreversible={action.state === 'FAILED'}>
          {execution.error_code !== null && <AgentText text={`${execution.error_code}: `} />}
          {execution.error_summary !== null && <AgentText text={execution.error_summary} />}
        </Row>
      )}
      {action.state === 'UNKNOWN' && (
        <Row name="Unknown">
          <b>Nobody knows whether it happened.</b> {action.executor.name} took it and did not say how it ended. The effect may exist. It is never sent
          again by itself, and its cost stays reserved:{' '}
          <Link to={`/actions/${action.action_id}#resolve`}>look at the provider and write down what is there</Link>.
        </Row>
      )}
      {action.state === 'SIMULATED' && <Row name="Dry run">It walked the whole road and nothing left.</Row>}
    </>
  )
}

function Unexecuted({ action }: { action: ExternalAction }) {
  if (action.state === 'APPROVED') {
    return (
      <Row name="Next">
        {action.executor.name} takes it once
        {action.execute_by !== null && (
          <>
            , before <Time at={action.execute_by} form="clock" />
          </>
        )}
        . Nothing has left yet.
        {action.not_before !== null && action.not_before > action.now && (
          <>
            {' '}
            Anybody can veto it until the hold ends, at <Time at={action.not_before} form="clock" />.
          </>
        )}
      </Row>
    )
  }
  const words = {
    REJECTED: 'Nothing was sent.',
    REVOKED: 'The approval was taken back. Nothing was sent.',
    EXPIRED: action.decisions.some((decision) => decision.kind === 'approve')
      ? 'It was approved and not taken in time. Nothing was sent.'
      : 'Nobody decided in time. Nothing was sent; the agent may propose it again.',
    CANCELLED: `${action.executor.name} withdrew it. Nothing was sent.`,
  }[action.state as 'REJECTED' | 'REVOKED' | 'EXPIRED' | 'CANCELLED']
  return words === undefined ? null : <Row name="Outside">{words}</Row>
}
