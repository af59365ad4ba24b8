import type { ExternalAction } from '@autopack/contract/external-actions'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { AgentText, VisibleText, toAgentWords } from '../../shared/agent-text.tsx'
import { actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { Badge } from '../../shared/badge.tsx'
import { Cost } from '../../shared/cost.tsx'
import { Icon } from '../../shared/icon.tsx'
import { useKeys } from '../../shared/keyboard.ts'
import { LedgerMark } from '../../shared/ledger/ledger-mark.tsx'
import { ObservedTable } from '../../shared/ledger/observed-table.tsx'
import { RevokeControl } from '../../shared/ledger/revoke-control.tsx'
import { RiskBars } from '../../shared/risk-bars.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { Time } from '../../shared/time.tsx'
import { ActionMoment } from './action-moment.tsx'
import { ActionSteps } from './action-steps.tsx'
import { DecisionList } from './decision-list.tsx'
import { ExecutionFacts } from './execution-facts.tsx'
import { ReceiptControl } from './receipt-control.tsx'
import { ResolvePanel } from './resolve-panel.tsx'
import { RevisionList } from './revision-list.tsx'
import { UndoText } from './undo-text.tsx'
import './action-page.css'

/** The page itself: the sentence, what is to be done now, and then the record from the newest to the oldest. */
export function ActionRecord({ action }: { action: ExternalAction }) {
  const navigate = useNavigate()
  useKeys([{ keys: 'u', does: 'back to the ledger', run: () => void navigate('/actions') }])
  const { execution } = action
  const queue = useQuery(actionableQueueQuery)
  const actionable = queue.data?.items.some((item) => item.approval_ref.id === action.action_id) ?? false
  return (
    <>
      <div className="pagehead acthead">
        <Link className="btn quiet iconbtn" to="/actions" aria-label="Back to the ledger">
          <Icon name="arrow-l" />
        </Link>
        <LedgerMark action={action} actionable={actionable} />
        <span className="mono muted clip">{action.action_id}</span>
        <div className="end">
          {action.state === 'PENDING' && (
            <Link className="btn" to={`/approvals/${action.action_id}`}>
              Decision page
            </Link>
          )}
          {action.state === 'UNKNOWN' && (
            <a className="btn" href="#resolve">
              Look it up
            </a>
          )}
          <RevokeControl action={action} />
          <ReceiptControl action={action} />
        </div>
      </div>
      <div className="actpage">
        <div className="actmain">
          <p className="act-kind">
            <strong>
              <AgentText text={action.title} />
            </strong>
            <RiskBars level={action.risk.level} />
            <span>
              tier {action.tier}
              <span className="dot" />
              {action.mode === 'live' ? 'live' : 'dry run'}
              {action.escalated && (
                <>
                  <span className="dot" />
                  escalated
                </>
              )}
            </span>
            {action.blind && (
              <Badge icon="blind" tone="red">
                blind
              </Badge>
            )}
          </p>
          <h1 className="sentence">
            Agent <b>{action.executor.name}</b> {toVerb(action)} <SentenceText sentence={action.sentence} />.
          </h1>
          <ActionMoment action={action} />
          <dl className="act-facts">
            <Fact name="Leaves">
              <Cost action={action} />
            </Fact>
            <Fact name="Target">
              <span className="v" dir="auto">
                <VisibleText text={toAgentWords(action.target)} />
              </span>
            </Fact>
            <Fact name="Undo">
              <UndoText action={action} />
              {action.undo.operation !== null && (
                <span className="act-op muted">
                  <VisibleText text={toAgentWords(action.undo.text)} />
                </span>
              )}
            </Fact>
            <Fact name="Authorized">
              {action.authorized_by === 'people' ? (
                'by people'
              ) : action.authorized_by === 'policy' ? (
                'by policy'
              ) : (
                <span className="muted">not yet</span>
              )}
            </Fact>
          </dl>
          <ResolvePanel action={action} />
          {execution?.observed && (
            <Section id="observed" title="Observed">
              <ObservedTable action={action} />
            </Section>
          )}
          {execution !== null && (
            <Section id="execution" title="Execution">
              <ExecutionFacts action={action} execution={execution} />
            </Section>
          )}
          <Section id="decisions" title="Decisions">
            <DecisionList action={action} />
          </Section>
          <Section id="revisions" title={action.revisions.length === 1 ? 'Payload' : 'Revisions'}>
            <RevisionList action={action} />
          </Section>
        </div>
        <aside className="pane-r actside" aria-label="What happened">
          <div className="insp">
            <div>
              <h2 className="lab">What happened</h2>
              <ActionSteps action={action} />
            </div>
            <hr />
            <dl className="kv">
              <dt>Executor</dt>
              <dd>{action.executor.name}</dd>
              <dt>Run</dt>
              <dd>
                {action.run_id === null ? (
                  <span className="muted">none</span>
                ) : (
                  <Link to={`/runs/${action.run_id}`}>{action.run_name === null ? action.run_id : <AgentText text={action.run_name} />}</Link>
                )}
              </dd>
              <dt>Kind</dt>
              <dd className="mono">
                {action.provider}.{action.operation}
                {action.descriptor !== null && ` v${action.descriptor.version}`}
              </dd>
              <dt>Switch</dt>
              <dd>{action.kill_switch ?? <span className="muted">none</span>}</dd>
              <dt>Proposed</dt>
              <dd>
                <Time at={action.requested_at} form="clock" />
              </dd>
              <dt>Audit</dt>
              <dd>
                <Link to={`/audit?q=action:${action.action_id}`}>its story in the log</Link>
              </dd>
              <dt>Receipt</dt>
              <dd>
                {action.state === 'PENDING' ? (
                  <span className="muted">once it was decided</span>
                ) : (
                  <Link to={`/actions/${action.action_id}/receipt`}>to read, checked here</Link>
                )}
              </dd>
              <dt>Decision</dt>
              <dd>
                <Link to={`/approvals/${action.action_id}`}>{action.state === 'PENDING' ? 'still open' : 'as it was decided'}</Link>
              </dd>
            </dl>
            <SealMark seal={action.seal} to={`/approvals/${action.action_id}?view=seal`} />
          </div>
        </aside>
      </div>
    </>
  )
}

function toVerb({ state }: ExternalAction): string {
  if (state === 'PENDING') return 'wants to'
  return state === 'APPROVED' || state === 'EXECUTING' ? 'may' : 'wanted to'
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className="act-sec" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <div>{children}</div>
    </section>
  )
}
