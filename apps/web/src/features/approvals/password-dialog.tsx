import { useEffect, useRef } from 'react'
import { AgentText } from '../../shared/agent-text.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { PasswordAgain, type Confirm } from '../../shared/step-up/password-again.tsx'
import { ApproveButton } from './approve-button.tsx'
import { RenderedSentence } from './rendered-sentence.tsx'
import type { Consent } from './sign-approval.ts'
import './password-dialog.css'

type Props = { consent: Consent; name: string; onConfirmed: () => void; onClose: () => void }

/**
 * The password again, where no passkey is at hand: says what it is for, and that it is no signature. Enter does not approve here either.
 * What was said yes to is what is sent, or nothing is.
 */
export function PasswordDialog({ consent, name, onConfirmed, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  const { action, proposal } = consent
  const blind = proposal.rendered?.blind ?? true
  return (
    <dialog ref={dialog} className="stepup" aria-labelledby="stepup-title" onClose={onClose}>
      <h2 id="stepup-title">{blind ? 'Accept blind with your password' : 'Approve with your password'}</h2>
      <p>
        {action.executor.name} may <RenderedSentence proposal={proposal} />.
      </p>
      <p className="stepup-seal">
        <SealMark seal={proposal.seal} />{' '}
        <span className="muted">
          revision {proposal.revision}, {action.mode === 'live' ? 'live' : 'dry run'}
        </span>
      </p>
      <p className="muted">
        <q>
          <AgentText text={consent.reason} />
        </q>
      </p>
      <PasswordAgain
        name={name}
        why="No passkey signs this, so the approval is marked “not signed”."
        nothing="Nothing was approved."
        onConfirmed={onConfirmed}
        onCancel={() => dialog.current?.close()}
        deliberate={blind ? AcceptBlind : Approve}
      />
    </dialog>
  )
}

function Approve(confirm: Confirm) {
  return <DeliberateButton {...confirm} words="Confirm & approve" />
}

function AcceptBlind(confirm: Confirm) {
  return <DeliberateButton {...confirm} words="Confirm, accept blind" />
}

function DeliberateButton({ ready, pending, describedBy, words, onConfirm, onNotYet }: Confirm & { words: string }) {
  return (
    <ApproveButton armed={ready} words={pending ? 'Checking' : words} describedBy={describedBy} inDialog onApprove={onConfirm} onNotYet={onNotYet} />
  )
}
