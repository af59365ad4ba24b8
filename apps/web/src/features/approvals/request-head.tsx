import type { ReactNode } from 'react'
import { Link } from '../../shared/link.tsx'
import { AgentText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { RequestMark } from '../../shared/request-mark.tsx'
import { RiskBars } from '../../shared/risk-bars.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { toRequestId, type WaitingRequest } from './request-queries.ts'

type Props = { request: WaitingRequest; mayApprove: boolean; over: boolean; braked: boolean }

/** Kind, sentence and four facts: what a person reads first. */
export function RequestHead({ request, mayApprove, over, braked }: Props) {
  const open = request.state === 'PENDING'
  return (
    <>
      <p className="kind">
        {open && !over && braked ? (
          <StateMark kind="halted" label="Stopped by a brake" />
        ) : open && !over && mayApprove ? (
          <span className="needs-badge">
            <Icon name="needs" small />
            Needs you
          </span>
        ) : open && over ? (
          <StateMark kind="expired" label="Time is over" />
        ) : (
          <RequestMark state={request.state} />
        )}
        <strong>{request.kind === 'approval_request' ? 'Executor request' : 'Governance request'}</strong>
        <RiskBars level={request.risk.level} />
        <span className="mono muted">{toRequestId(request)}</span>
      </p>
      <h1 className="sentence">
        Agent <b>{request.executor.name}</b> {open ? 'wants to' : request.state === 'APPROVED' ? 'may' : 'wanted to'}{' '}
        <SentenceText sentence={request.sentence} />.
      </h1>
      <dl className="facts even">
        <Fact name="Run">
          {request.run_name === null ? (
            <>
              <AgentText text={request.run_id} /> <span className="muted">not known here</span>
            </>
          ) : (
            <Link to={`/runs/${encodeURIComponent(request.run_id)}`}>
              <AgentText text={request.run_name} />
            </Link>
          )}
        </Fact>
        <Fact name="Phase">
          <AgentText text={request.phase_id} />
        </Fact>
        {request.kind === 'approval_request' ? (
          <Fact name="Context">
            <AgentText text={request.context} />
          </Fact>
        ) : (
          <Fact name="Lines that would change">
            {request.changed_lines === null ? <span className="muted">not known</span> : request.changed_lines.toLocaleString('en')}
          </Fact>
        )}
        <Fact name="Approvals">{toApprovals(request)}</Fact>
      </dl>
    </>
  )
}

function toApprovals(request: WaitingRequest): string {
  if (request.kind === 'governance_request' && request.authorized_by === 'policy') return 'by policy'
  return request.state === 'APPROVED' ? '1 of 1' : '0 of 1'
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
