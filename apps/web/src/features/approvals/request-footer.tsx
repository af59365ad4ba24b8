import type { RefObject } from 'react'
import { Link } from '../../shared/link.tsx'
import { AgentText } from '../../shared/agent-text.tsx'
import { Icon } from '../../shared/icon.tsx'
import { RequestMark } from '../../shared/request-mark.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { ApproveButton } from './approve-button.tsx'
import type { FootState } from './foot-state.ts'
import { RequestRefusal } from './request-refusal.tsx'
import type { WaitingRequest } from './request-queries.ts'
import './decision-footer.css'

type OpenProps = {
  seal: string
  state: FootState
  armed: boolean
  approveWords: string
  mayApprove: boolean
  rejectObstacle: string | null
  askObstacle: string | null
  reason: string
  reasonField: RefObject<HTMLInputElement | null>
  error: unknown
  onReason: (reason: string) => void
  onApprove: () => void
  onNotYet: () => void
  onReject: (kind: 'not_now' | 'change_this') => void
  onForget: () => void
}

/** While it is open: reject at the left and alive, approve at the right and only when armed, as for external actions. */
export function OpenRequestFooter(props: OpenProps) {
  const { seal, state, rejectObstacle, askObstacle, mayApprove, reason, reasonField } = props
  return (
    <footer className="decide-foot" aria-label="Decision">
      {props.error !== null && (
        <div className="foot-over">
          <div className="foot-refusal">
            <RequestRefusal error={props.error} />
            <button className="btn quiet iconbtn" type="button" aria-label="Close this message" onClick={props.onForget}>
              <Icon name="x" />
            </button>
          </div>
        </div>
      )}
      <div className="decide-foot-in">
        <div className="foot-no">
          <button
            className="btn lg"
            type="button"
            disabled={rejectObstacle !== null}
            title={rejectObstacle ?? undefined}
            aria-keyshortcuts="r"
            onClick={() => props.onReject('not_now')}
          >
            Reject{' '}
            <span className="keys" aria-hidden="true">
              <kbd className="kbd">R</kbd>
            </span>
          </button>
          <button
            className="btn lg quiet"
            type="button"
            disabled={askObstacle !== null}
            title={askObstacle ?? undefined}
            onClick={() => props.onReject('change_this')}
          >
            Ask for change
          </button>
        </div>
        <div className="foot-state">
          <p className="foot-words" id="foot-state" title={`${state.strong ?? ''} ${state.words}`.trim()}>
            {state.strong !== null &&
              (state.tone === 'halted' ? (
                <StateMark kind="halted" label={state.strong} />
              ) : (
                <strong className={state.tone === 'failed' ? 'irrev' : undefined}>{state.strong}</strong>
              ))}{' '}
            <span className="muted">{state.words}</span>
          </p>
          <p className="foot-seal">
            <SealMark seal={seal} big />
          </p>
        </div>
        <input
          ref={reasonField}
          className="input lg foot-reason"
          type="text"
          value={reason}
          placeholder="Why you approve"
          aria-label="Reason for approving"
          autoComplete="off"
          disabled={!mayApprove}
          onChange={(event) => props.onReason(event.target.value)}
        />
        <ApproveButton
          armed={props.armed}
          words={props.approveWords}
          describedBy="foot-state"
          onApprove={props.onApprove}
          onNotYet={props.onNotYet}
        />
      </div>
    </footer>
  )
}

/** Once it is closed: what it came to, by whom and why; the page stays. */
export function ClosedRequestFooter({ request, ownId, next }: { request: WaitingRequest; ownId: string; next: string | null }) {
  const decision = request.decisions.at(-1)
  return (
    <footer className="decide-foot" aria-label="Decision">
      <div className="decide-foot-in closed">
        <div className="foot-state">
          <p className="foot-words">
            <RequestMark state={request.state} />{' '}
            <span className="muted">
              {decision !== undefined ? (
                <>
                  by {decision.decided_by.operator_id === ownId ? 'you' : decision.decided_by.name}, <Time at={decision.decided_at} form="short" />:{' '}
                  <q>
                    <AgentText text={decision.reason} />
                  </q>
                </>
              ) : request.state === 'EXPIRED' ? (
                'nobody decided in time'
              ) : (
                'by the policy'
              )}
            </span>
          </p>
          <p className="foot-seal">
            <SealMark seal={request.seal} big />
          </p>
        </div>
        <Link className="btn lg sign" to={next ?? '/approvals?scope=decided'}>
          {next === null ? 'All decided' : 'Next'}
          {next !== null && (
            <span className="keys" aria-hidden="true">
              <kbd className="kbd">]</kbd>
            </span>
          )}
        </Link>
      </div>
    </footer>
  )
}
