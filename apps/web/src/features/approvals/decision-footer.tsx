import { lazy, Suspense, type RefObject } from 'react'
import { Link } from '../../shared/link.tsx'
import { Badge } from '../../shared/badge.tsx'
import { Icon } from '../../shared/icon.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { ApproveButton } from './approve-button.tsx'
import type { FootState } from './foot-state.ts'
import { Refusal } from '../../shared/refusal.tsx'
import { StoppedAct } from '../../shared/stopped-act.ts'
import type { Approval } from './use-approval.ts'
import './decision-footer.css'

const SigningPanel = lazy(async () => ({ default: (await import('./signing-panel.tsx')).SigningPanel }))

type OpenProps = {
  seal: string
  state: FootState
  armed: boolean
  approveWords: string
  /** It will carry a passkey’s signature. */
  signs: boolean
  approval: Pick<Approval, 'step' | 'cancel'>
  /** Where a password may stand for the passkey: approves with it. */
  onPassword: (() => void) | null
  blind: boolean
  mayApprove: boolean
  rejectObstacle: string | null
  reason: string
  reasonField: RefObject<HTMLInputElement | null>
  /** Asking for another revision: off while one was asked for already. */
  askObstacle: string | null
  error: unknown
  onReason: (reason: string) => void
  onApprove: () => void
  onNotYet: () => void
  onReject: (kind: 'not_now' | 'change_this') => void
  onForget: () => void
}

/** While it is open: reject at the left and alive, approve at the right and only when armed. Nothing here changes place. */
export function OpenFooter(props: OpenProps) {
  const { seal, state, armed, approveWords, signs, approval, onPassword, mayApprove, rejectObstacle, reason, reasonField, error } = props
  return (
    <footer className="decide-foot" aria-label="Decision">
      {error !== null && (
        <div className="foot-over">
          <div className="foot-refusal">
            <Refusal error={error} />
            {onPassword !== null && error instanceof StoppedAct && error.why === 'cancelled' && (
              <button className="btn" type="button" onClick={armed ? onPassword : props.onNotYet}>
                Use the password instead…
              </button>
            )}
            <button className="btn quiet iconbtn" type="button" aria-label="Close this message" onClick={props.onForget}>
              <Icon name="x" />
            </button>
          </div>
        </div>
      )}
      {approval.step?.phase === 'prompt' && (
        <div className="foot-over">
          <Suspense fallback={null}>
            <SigningPanel consent={approval.step.consent} onCancel={approval.cancel} />
          </Suspense>
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
            disabled={props.askObstacle !== null}
            title={props.askObstacle ?? undefined}
            onClick={() => props.onReject('change_this')}
          >
            Ask for change
          </button>
        </div>
        <div className="foot-state">
          <p className="foot-words" id="foot-state" title={`${state.strong ?? ''} ${state.words}`.trim()}>
            <Strong state={state} /> <span className="muted">{state.words}</span>{' '}
            {state.link !== undefined && <Link to={state.link.to}>{state.link.words}</Link>}
          </p>
          <p className="foot-seal">
            <SealMark seal={seal} to="?view=seal" big />
            {!signs && (
              <Badge icon="info" title="No passkey signs it: it carries your session, and how lately you showed who you are.">
                not signed
              </Badge>
            )}
          </p>
        </div>
        <input
          ref={reasonField}
          className="input lg foot-reason"
          type="text"
          value={reason}
          readOnly={approval.step !== null}
          placeholder={props.blind ? 'Why you accept it' : 'Why you approve'}
          aria-label="Reason for approving"
          autoComplete="off"
          disabled={!mayApprove}
          onChange={(event) => props.onReason(event.target.value)}
        />
        <ApproveButton
          armed={armed}
          words={approveWords}
          icon={signs ? 'passkey' : undefined}
          waiting={approval.step?.phase === 'prompt'}
          describedBy="foot-state"
          onApprove={props.onApprove}
          onNotYet={props.onNotYet}
        />
      </div>
    </footer>
  )
}

function Strong({ state: { tone, strong } }: { state: FootState }) {
  if (strong === null) return null
  if (tone === 'halted' || tone === 'ok') return <StateMark kind={tone} label={strong} />
  return <strong className={tone === 'failed' ? 'irrev' : undefined}>{strong}</strong>
}
