import type { Session } from '@autopack/contract/auth'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { ReactNode } from 'react'
import { Badge } from '../../shared/badge.tsx'
import { Icon } from '../../shared/icon.tsx'
import { Time } from '../../shared/time.tsx'
import { VisibleText } from '../../shared/agent-text.tsx'
import { formatDuration } from '../../shared/format-duration.ts'
import { ApprovalList } from './approval-list.tsx'
import { toQuorumWords } from './decision-head.tsx'
import type { Proposal } from './read-proposal.ts'
import './decision-evidence.css'

type Props = { action: ExternalAction; proposal: Proposal | null; operator: Session['operator']; mayApprove: boolean }

/** At the right: what it would say outside, who has to agree, and what happens then. */
export function DecisionEvidence({ action, proposal, operator, mayApprove }: Props) {
  const hold = proposal?.descriptor?.approval.hold_seconds ?? 0
  return (
    <aside className="decide-side" aria-label="Evidence">
      {proposal !== null && <Preview proposal={proposal} />}
      <Section title="Approvals" note={toQuorumWords(action)}>
        <ApprovalList action={action} operator={operator} mayApprove={mayApprove} />
      </Section>
      {action.state === 'PENDING' && (
        <Section title={!mayApprove ? 'If it is approved' : action.blind ? 'If you accept it' : 'If you approve'}>
          <ol className="then">
            {hold > 0 && <li>{formatDuration(hold * 1_000)} hold, in which anybody may veto it</li>}
            <li>
              {action.executor.name} takes it once, and nobody else can; never after <Time at={action.latest_execute_by} form="clock" />
            </li>
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
