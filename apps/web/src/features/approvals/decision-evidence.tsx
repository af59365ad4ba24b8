import type { ExternalAction } from '@autopack/contract/external-actions'
import type { ReactNode } from 'react'
import { Badge } from '../../shared/badge.tsx'
import { Icon } from '../../shared/icon.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { AgentText, VisibleText } from '../../shared/agent-text.tsx'
import { toQuorumWords } from './decision-head.tsx'
import type { Proposal } from './read-proposal.ts'
import './decision-evidence.css'

type Props = { action: ExternalAction; proposal: Proposal | null; ownId: string; mayApprove: boolean }

/** At the right: what it would say outside, who has to agree, and what happens then. */
export function DecisionEvidence({ action, proposal, ownId, mayApprove }: Props) {
  // The first open place is theirs to fill; nobody fills two.
  const yours = action.state === 'PENDING' && mayApprove ? action.slots.findIndex((slot) => slot.filled_by === null) : -1
  return (
    <aside className="decide-side" aria-label="Evidence">
      {proposal !== null && <Preview proposal={proposal} />}
      <Section title="Approvals" note={toQuorumWords(action)}>
        <ul className="people">
          {action.slots.map((slot, place) => (
            <li key={`${slot.group} ${slot.slot}`}>
              {slot.filled_by !== null ? (
                <>
                  <StateMark kind="ok" label="Approved" iconOnly />
                  <span>
                    <b>{slot.filled_by.operator_id === ownId ? 'You' : slot.filled_by.name}</b>{' '}
                    <ApprovedAt action={action} operatorId={slot.filled_by.operator_id} />
                  </span>
                </>
              ) : (
                <>
                  <StateMark kind={action.state !== 'PENDING' ? 'idle' : place === yours ? 'needs' : 'waiting'} label="Open" iconOnly />
                  <span>
                    {place === yours ? (
                      <>
                        <b>You</b> <span className="muted">or any other {slot.role}</span>
                      </>
                    ) : (
                      <>
                        {action.state === 'PENDING' ? <b>Any {slot.role}</b> : <b>No {slot.role}</b>}{' '}
                        <span className="muted">{action.state === 'PENDING' ? 'has to agree' : 'agreed'}</span>
                      </>
                    )}
                  </span>
                </>
              )}
            </li>
          ))}
        </ul>
        {action.blind && <p className="muted gap">Whenever something cannot be explained, one more approver has to agree.</p>}
      </Section>
      {action.state === 'PENDING' && (
        <Section title={!mayApprove ? 'If it is approved' : action.blind ? 'If you accept it' : 'If you approve'}>
          <ol className="then">
            <li>{action.executor.name} takes it once, and nobody else can</li>
            <li>the control plane recomputes the hash, and {action.executor.name} again over the bytes about to leave</li>
            <li>{action.mode === 'live' ? 'it says which bytes it sent, and they are compared' : 'nothing leaves: this is a dry run'}</li>
          </ol>
        </Section>
      )}
      <Section title="Where it comes from">
        <dl className="kv">
          <dt>Agent</dt>
          <dd>{action.executor.name}</dd>
          <dt>Proposed</dt>
          <dd>
            <Time at={action.requested_at} />, <Time at={action.requested_at} form="clock" />
          </dd>
          <dt>Target</dt>
          <dd className="v">{action.target}</dd>
          <dt>Switch</dt>
          <dd>{action.kill_switch ?? <span className="irrev">none, so it can never be taken live</span>}</dd>
        </dl>
      </Section>
    </aside>
  )
}

function Section({ title, note, badge, children }: { title: string; note?: string; badge?: ReactNode; children: ReactNode }) {
  return (
    <section>
      <h2 className="sec">
        {title} {note !== undefined && <span className="n">{note}</span>}
        {badge !== undefined && <span className="end">{badge}</span>}
      </h2>
      {children}
    </section>
  )
}

function ApprovedAt({ action, operatorId }: { action: ExternalAction; operatorId: string }) {
  const decision = action.decisions.find((item) => item.kind === 'approve' && item.decided_by.operator_id === operatorId)
  if (decision === undefined) return null
  return (
    <>
      <span className="muted">
        <Time at={decision.decided_at} form="short" />
        {!decision.signed && ', not signed'}
      </span>
      <br />
      {decision.reason === null ? (
        <span className="muted">The reason is sealed until you have decided.</span>
      ) : (
        <q>
          <AgentText text={decision.reason} />
        </q>
      )}
    </>
  )
}

/** The words the outside would read, as the descriptor names them; plain text, whatever the agent wrote into it. */
function Preview({ proposal }: { proposal: Proposal }) {
  const { descriptor, rendered } = proposal
  if (descriptor === null || rendered === null) return null
  const find = (role: 'title' | 'money') => {
    const path = descriptor.fields.find((field) => field.role === role)?.path
    return rendered.fields.find((field) => field.pointer === path && field.format !== 'unexplained')
  }
  const title = find('title')
  const money = find('money')
  const long = rendered.fields.find((field) => field.format === 'long_text' && field.value_text !== '')
  if (title === undefined && long === undefined) return null
  return (
    <Section
      title="What others would read"
      badge={
        rendered.blind ? (
          <Badge icon="blind" tone="red">
            incomplete
          </Badge>
        ) : (
          <Badge icon="executor">agent-written</Badge>
        )
      }
    >
      {title !== undefined && (
        <p className="preview-t v" dir="auto">
          <VisibleText text={title.value_text} />
        </p>
      )}
      {money !== undefined && <p className="preview-p tn">{money.value_text}</p>}
      {long !== undefined && (
        <p className="muted v preview-l" dir="auto">
          <VisibleText text={long.value_text} />
        </p>
      )}
      {proposal.payload!.files.length > 0 && (
        <p className="muted gap">
          <Icon name="file" small />{' '}
          {proposal.payload!.files.length === 1 ? '1 file goes with it' : `${proposal.payload!.files.length} files go with it`}
        </p>
      )}
    </Section>
  )
}
