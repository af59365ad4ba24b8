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
import './decision-footer.css'

type OpenProps = {
  seal: string
  state: FootState
  armed: boolean
  approveWords: string
  blind: boolean
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
        <div className="foot-over">
          <div className="foot-refusal">
            <RefusalText refusal={refusal} />
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
            disabled={rejectObstacle !== null}
            title={rejectObstacle ?? undefined}
            onClick={() => props.onReject('change_this')}
          >
            Ask for change
          </button>
        </div>
        <div className="foot-state">
          <p className="foot-words" id="foot-state" title={`${state.strong ?? ''} ${state.words}`.trim()}>
            <Strong state={state} /> <span className="muted">{state.words}</span>
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
          placeholder={props.blind ? 'Why you accept it' : 'Why you approve'}
          aria-label="Reason for approving"
          autoComplete="off"
          disabled={!mayApprove}
          onChange={(event) => props.onReason(event.target.value)}
        />
        <ApproveButton armed={armed} words={approveWords} describedBy="foot-state" onApprove={props.onApprove} onNotYet={props.onNotYet} />
      </div>
    </footer>
  )
}

function Strong({ state: { tone, strong } }: { state: FootState }) {
  if (strong === null) return null
  if (tone === 'halted' || tone === 'ok') return <StateMark kind={tone} label={strong} />
  return <strong className={tone === 'failed' ? 'irrev' : undefined}>{strong}</strong>
}

/** Once it is closed: what it came to, by whom and why; the page stays. */
export function ClosedFooter({ action, ownId, next }: { action: ExternalAction; ownId: string; next: string | null }) {
  const decision = action.decisions.at(-1)
  const equality = compareSent(action)
  return (
    <footer className="decide-foot" aria-label="Decision">
      <div className="decide-foot-in closed">
        <div className="foot-state">
          <p className="foot-words">
            <ActionMark state={action.state} />{' '}
            {equality !== null && <span className={equality.verdict === 'different' ? 'irrev' : 'muted'}>{equality.title}</span>}
            {equality === null && decision !== undefined && (
              <span className="muted">
                {action.state === 'REJECTED' || action.state === 'APPROVED' ? '' : `${decision.kind === 'approve' ? 'approved' : 'rejected'} `}by{' '}
                {decision.decided_by.operator_id === ownId ? 'you' : decision.decided_by.name}, <Time at={decision.decided_at} form="short" />
                {': '}
                <q>
                  <AgentText text={decision.reason} />
                </q>
              </span>
            )}
          </p>
          <p className="foot-seal">
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
    </footer>
  )
}
