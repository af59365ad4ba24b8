import { SealMark } from '../../shared/seal-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { RenderedSentence } from './rendered-sentence.tsx'
import type { Consent } from './sign-approval.ts'
import './signing-panel.css'

/** While the browser asks for the passkey: what the signature will be about, in words, and the way out. */
export function SigningPanel({ consent, onCancel }: { consent: Consent; onCancel: () => void }) {
  const { action, proposal } = consent
  return (
    <div className="signing" role="status">
      <div className="signing-what">
        <p>
          <b>You are signing:</b> {action.executor.name} may <RenderedSentence proposal={proposal} />.
        </p>
        <p className="muted">
          <SealMark seal={proposal.seal} big />
          <span className="dot" />
          revision {proposal.revision}
          <span className="dot" />
          {proposal.descriptor_reference === null
            ? 'nobody has described it'
            : `${proposal.descriptor_reference.id} v${proposal.descriptor_reference.version}`}
          <span className="dot" />
          {action.mode === 'live' ? 'live' : 'dry run'}
          <span className="dot" />
          never after <Time at={action.latest_execute_by} form="clock" />
        </p>
        <p className="muted">Closing the prompt of your browser signs nothing and loses nothing.</p>
      </div>
      <button className="btn" type="button" onClick={onCancel}>
        Cancel
      </button>
    </div>
  )
}
