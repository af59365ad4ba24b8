import { AgentText } from '../../shared/agent-text.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { Time } from '../../shared/time.tsx'
import { toNeededWords } from './needed-words.ts'
import type { WaitingRequest } from './request-queries.ts'
import './decision-evidence.css'

/** At the right: what a decision is bound to, what follows from it, and where the request comes from. */
export function RequestEvidence({ request, seal, ownId }: { request: WaitingRequest; seal: string; ownId: string }) {
  const name = request.executor.name
  const governance = request.kind === 'governance_request'
  return (
    <aside className="decide-side" aria-label="Evidence">
      <section>
        <h2 className="sec">What a decision is bound to</h2>
        <p>The SHA-256 of the body’s bytes, who decides, and why. Other bytes are another request.</p>
        <p className="gap">
          <SealMark seal={seal} />
        </p>
        <p className="muted gap">A session and a reason carry it; no passkey signs requests of this kind.</p>
      </section>
      {request.state === 'PENDING' && (
        <section>
          <h2 className="sec">Who decides</h2>
          <p>
            {request.still_needed.map((needed) => (
              <AgentText key={needed.group} text={toDeciders(needed, ownId)} />
            ))}{' '}
            <span className="muted">Whoever started the run may reject it and not approve it.</span>
          </p>
        </section>
      )}
      {request.state === 'PENDING' && (
        <section>
          <h2 className="sec">What follows</h2>
          <ol className="then">
            <li>{name} asks every few seconds and reads the answer and its reason</li>
            <li>
              {governance
                ? `approved, ${name} may write these files; nothing here holds it to them`
                : `approved, ${name} goes on; nothing here holds it to its words`}
            </li>
            <li>asked to change, this one ends and {name} may ask anew</li>
            <li>
              undecided at <Time at={request.decide_by} form="clock" />, it is told no
            </li>
          </ol>
        </section>
      )}
      <section>
        <h2 className="sec">Where it comes from</h2>
        <dl className="kv">
          <dt>Agent</dt>
          <dd>{name}</dd>
          <dt>Asked</dt>
          <dd>
            <Time at={request.requested_at} />, <Time at={request.requested_at} form="clock" />
          </dd>
          {governance && (
            <>
              <dt>Policy</dt>
              <dd>version {request.policy.version}</dd>
            </>
          )}
        </dl>
      </section>
    </aside>
  )
}

function toDeciders(needed: WaitingRequest['still_needed'][number], ownId: string): string {
  const words = toNeededWords(needed, ownId)
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}
