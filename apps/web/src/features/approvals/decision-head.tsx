import { toVisibleText } from '@autopack/approval-proof/visible-text'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { Role } from '@autopack/contract/roles'
import { lazy, Suspense, type ReactNode } from 'react'
import { ActionMark } from '../../shared/action-mark.tsx'
import { Badge } from '../../shared/badge.tsx'
import { Icon } from '../../shared/icon.tsx'
import { RiskBars } from '../../shared/risk-bars.tsx'
import { toOneOf } from '../../shared/role-words.ts'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { findOwnSlot } from './find-own-slot.ts'
import type { Proposal } from './read-proposal.ts'
import { RenderedSentence } from './rendered-sentence.tsx'

const LedgerMark = lazy(async () => ({ default: (await import('../../shared/ledger/ledger-mark.tsx')).LedgerMark }))

type Props = { action: ExternalAction; proposal: Proposal | null; failed: boolean; mayApprove: boolean; role: Role; over: boolean }

/** Kind, sentence and four facts: what a person reads first. */
export function DecisionHead({ action, proposal, failed, mayApprove, role, over }: Props) {
  const own = mayApprove ? findOwnSlot(action.slots, role) : -1
  const open = action.slots.filter((slot) => slot.filled_by === null).length
  return (
    <>
      <p className="kind">
        {action.state === 'PENDING' && !over && mayApprove ? (
          <span className="needs-badge">
            <Icon name="needs" small />
            Needs you
          </span>
        ) : over && action.state === 'PENDING' ? (
          <StateMark kind="expired" label="Time is over" />
        ) : (
          <Suspense fallback={<ActionMark state={action.state} />}>
            <LedgerMark action={action} />
          </Suspense>
        )}
        <strong>{proposal?.rendered?.title ?? toVisibleText(action.title, false).text}</strong>
        <RiskBars level={action.risk.level} />
        <span>
          tier {action.tier}
          <span className="dot" />
          {action.mode === 'live' ? 'live' : 'dry run'}
        </span>
        {action.mode === 'dry_run' && <Badge icon="simulated">nothing leaves</Badge>}
      </p>
      <h1 className="sentence">
        Agent <b>{action.executor.name}</b> {toAuxiliary(action)} <Sentence action={action} proposal={proposal} />
      </h1>
      <dl className="facts">
        <Fact name="Costs now">{toFact(failed, proposal, proposal?.rendered?.cost_text, 'not known')}</Fact>
        <Fact name="Seen by">{toFact(failed, proposal, proposal?.rendered?.seen_by_text, 'not known, treat as everyone')}</Fact>
        <Fact name="Undo" irreversible={proposal !== null && (proposal.descriptor?.undo.kind ?? 'irreversible') === 'irreversible'}>
          {toFact(failed, proposal, proposal?.rendered?.undo_text, 'not known, treat as none')}
        </Fact>
        <Fact name="Approvals">
          <span className="slotmarks">
            {action.slots.map((slot, place) => (
              <SlotMark
                key={`${slot.group} ${slot.slot}`}
                filledBy={slot.filled_by?.name ?? null}
                role={slot.role}
                open={action.state === 'PENDING'}
                yours={place === own}
              />
            ))}
          </span>
          <span>
            {toQuorumWords(action)}
            {own !== -1 && open === 1 && action.slots.length > 1 && ', you are last'}
          </span>
        </Fact>
      </dl>
    </>
  )
}

function Fact({ name, irreversible, children }: { name: string; irreversible?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className={irreversible ? 'irrev' : undefined}>{children}</dd>
    </div>
  )
}

function SlotMark({ filledBy, role, open, yours }: { filledBy: string | null; role: Role; open: boolean; yours: boolean }) {
  if (filledBy !== null) return <StateMark kind="ok" label={`${filledBy} approved`} iconOnly />
  if (yours) return <StateMark kind="needs" label="Waits for you" iconOnly />
  return <StateMark kind={open ? 'waiting' : 'idle'} label={open ? `Waits for ${toOneOf(role)}` : 'Never filled'} iconOnly />
}

/** Facts come from the bytes: before those are here nothing is said, and what they do not tell is not known. */
function toFact(failed: boolean, proposal: Proposal | null, text: string | undefined, unknown: string): string {
  return proposal === null ? (failed ? 'not read' : '…') : (text ?? unknown)
}

export function toQuorumWords(action: ExternalAction): string {
  const filled = action.slots.filter((slot) => slot.filled_by !== null).length
  return action.slots.length === 0 ? 'by policy' : `${filled} of ${action.slots.length}`
}

function toAuxiliary(action: ExternalAction): string {
  if (action.state === 'PENDING') return 'wants to'
  if (action.state === 'APPROVED' || action.state === 'EXECUTING') return 'may'
  return 'wanted to'
}

/** From the bytes wherever there are bytes; the server's sentence only while they are still on the way. */
function Sentence({ action, proposal }: { action: ExternalAction; proposal: Proposal | null }) {
  if (proposal === null) return <SentenceText sentence={`${action.sentence}.`} />
  return (
    <>
      <RenderedSentence proposal={proposal} />.
    </>
  )
}
