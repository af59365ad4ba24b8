import type { ExternalAction } from '@autopack/contract/external-actions'
import type { RefObject } from 'react'
import { Link } from 'react-router'
import { ActionMark } from '../../shared/action-mark.tsx'
import { Badge } from '../../shared/badge.tsx'
import { Icon } from '../../shared/icon.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { AgentText } from '../../shared/agent-text.tsx'
import { ApproveButton } from './approve-button.tsx'
import { compareSent } from './execution-words.ts'
import type { FootState } from './foot-state.ts'
import { RefusalText } from './refusal-text.tsx'
import type { Refusal } from './refusal-words.ts'

type OpenProps = {
  seal: string
  state: FootState
  armed: boolean
  approveWords: string
  mayApprove: boolean
  rejectObstacle: string | null
  reason: string
  reasonField: RefObject<HTMLInputElement | null>
  refusal: Refusal | null
  onReason: (reason: string) => void
  onApprove: () => void
  onNotYet: () => void
  onReject: (kind: 'not_now' | 'change_this') => void
  onForget: () => void
}

/** While it is open: reject at the left and alive, approve at the right and only when armed. Nothing here changes place. */
export function OpenFooter(props: OpenProps) {
  const { seal, state, armed, approveWords, mayApprove, rejectObstacle, reason, reasonField, refusal } = props
  return (
    <footer className="decide-foot" aria-label="Decision">
      {refusal !== null && (
        <div className="foot-refusal">
          <RefusalText refusal={refusal} />
          <button className="btn quiet iconbtn" type="button" aria-label="Close this message" onClick={props.onForget}>
            <Icon name="x" />
          </button>
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
            disabled={rejectObstacle !== null}
            title={rejectObstacle ?? undefined}
            onClick={() => props.onReject('change_this')}
          >
            Ask for change
          </button>
        </div>
        <div className="foot-yes">
          <div className="foot-state">
            <p id="foot-state">
              {state.strong !== null &&
                (state.tone === 'halted' ? (
                  <StateMark kind="halted" label={state.strong} />
                ) : (
                  <strong className={state.tone === 'failed' ? 'irrev' : undefined}>{state.strong}</strong>
                ))}{' '}
              <span className="muted">{state.words}</span>
            </p>
            <p className="foot-seal">
              <SealMark seal={seal} to="?view=seal" big />
              <Badge icon="info" title="Approvals carry your session, not yet a passkey’s signature.">
                not signed
              </Badge>
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
          <ApproveButton armed={armed} words={approveWords} describedBy="foot-state" onApprove={props.onApprove} onNotYet={props.onNotYet} />
        </div>
      </div>
    </footer>
  )
}

/** Once it is closed: what it came to, by whom and why; the page stays. */
export function ClosedFooter({ action, ownId, next }: { action: ExternalAction; ownId: string; next: string | null }) {
  const decision = action.decisions.at(-1)
  const equality = compareSent(action)
  return (
    <footer className="decide-foot" aria-label="Decision">
      <div className="decide-foot-in">
        <div className="foot-yes closed">
          <div className="foot-state">
            <p>
              <ActionMark state={action.state} />{' '}
              {equality !== null && <span className={equality.verdict === 'different' ? 'irrev' : 'muted'}>{equality.title}</span>}
              {equality === null && decision !== undefined && (
                <span className="muted">
                  {action.state === 'REJECTED' || action.state === 'APPROVED' ? '' : `${decision.kind === 'approve' ? 'approved' : 'rejected'} `}by{' '}
                  {decision.decided_by.operator_id === ownId ? 'you' : decision.decided_by.name}, <Time at={decision.decided_at} form="short" />
                </span>
              )}
            </p>
            <p className="foot-seal">
              {equality === null && decision !== undefined && (
                <q className="clip">
                  <AgentText text={decision.reason} />
                </q>
              )}
              <SealMark seal={action.seal} to="?view=seal" big />
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
      </div>
    </footer>
  )
}
