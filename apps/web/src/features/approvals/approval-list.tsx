import type { Session } from '@autopack/contract/auth'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { AgentText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { toSeveralOf } from '../../shared/role-words.ts'
import { toSealedUntil } from '../../shared/sealed-until.ts'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { findOwnSlot } from './find-own-slot.ts'
import { toNeededWords } from './needed-words.ts'

type Slot = ExternalAction['slots'][number]
type Props = { action: ExternalAction; operator: Session['operator']; mayApprove: boolean }

/** Every place that has to be filled, group by group: who filled it and why, or who may. */
export function ApprovalList({ action, operator, mayApprove }: Props) {
  const own = action.state === 'PENDING' && mayApprove ? findOwnSlot(action.slots, operator.role) : -1
  const groups = [...new Set(action.slots.map((slot) => slot.group))]
  return (
    <>
      {groups.map((group) => {
        const slots = action.slots.filter((slot) => slot.group === group)
        const needed = action.still_needed.find((item) => item.group === group)
        return (
          <div key={group}>
            {groups.length > 1 && <h3 className="group-t muted">{toSeveralOf(slots[0]!.role, slots.length)}</h3>}
            <ul className="people">
              {slots.map((slot) => (
                <li key={slot.slot}>
                  <Place action={action} slot={slot} own={action.slots.indexOf(slot) === own} ownId={operator.operator_id} />
                </li>
              ))}
            </ul>
            {action.state === 'PENDING' && needed !== undefined && (
              <p className="muted gap">
                {needed.count === 1 ? 'Still needed: ' : `${needed.count} still needed: `}
                <AgentText text={toNeededWords(needed, operator.operator_id)} />
              </p>
            )}
          </div>
        )
      })}
      {action.blind && <p className="muted gap">Whenever something cannot be explained, one more approver has to agree.</p>}
    </>
  )
}

function Place({ action, slot, own, ownId }: { action: ExternalAction; slot: Slot; own: boolean; ownId: string }) {
  const open = action.state === 'PENDING'
  if (slot.filled_by !== null) {
    return (
      <>
        <StateMark kind="ok" label="Approved" iconOnly />
        <span>
          <b>{slot.filled_by.operator_id === ownId ? 'You' : <AgentText text={slot.filled_by.name} />}</b>{' '}
          <ApprovedAt action={action} operatorId={slot.filled_by.operator_id} />
        </span>
      </>
    )
  }
  return (
    <>
      <StateMark kind={!open ? 'idle' : own ? 'needs' : 'waiting'} label="Open" iconOnly />
      {own ? (
        <span>
          <b>You</b> <span className="muted">or any other {slot.role}</span>
        </span>
      ) : (
        <span>
          <b>{open ? `Any ${slot.role}` : `No ${slot.role}`}</b> <span className="muted">{open ? 'has to agree' : 'agreed'}</span>
        </span>
      )}
    </>
  )
}

const unsignedWords = { passkey: 'not signed', password: 'with the password, not signed', session: 'not signed' } as const

function ApprovedAt({ action, operatorId }: { action: ExternalAction; operatorId: string }) {
  const decision = action.decisions.findLast(
    (item) => item.kind === 'approve' && item.revision === action.revision && item.decided_by.operator_id === operatorId,
  )
  if (decision === undefined) return null
  return (
    <>
      <span className="muted">
        <Time at={decision.decided_at} form="short" />, {decision.signed ? 'signed with a passkey' : unsignedWords[decision.strength]}
      </span>
      <br />
      {decision.sole_operator && (
        <span className="irrev">
          <Icon name="warn" small /> Approved what they asked for themselves, as the only approver there is.
          <br />
        </span>
      )}
      {decision.reason === null ? (
        <span className="muted">
          <Icon name="redact" small /> Sealed {toSealedUntil(action)}, so that each opinion is one of its own.
        </span>
      ) : (
        <q>
          <AgentText text={decision.reason} />
        </q>
      )}
    </>
  )
}
