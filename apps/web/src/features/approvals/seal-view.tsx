import type { ExternalAction } from '@autopack/contract/external-actions'
import { CopyButton } from '../../shared/copy-button.tsx'
import { Icon } from '../../shared/icon.tsx'
import { Time } from '../../shared/time.tsx'
import type { Proposal } from './read-proposal.ts'

/** The hash in full, where it comes from, and what an approval binds. The only place with 64 digits. */
export function SealView({ action, proposal }: { action: ExternalAction; proposal: Proposal }) {
  const equal = proposal.hash === action.payload_hash
  const sent = action.execution?.sent_sha256 ?? null
  return (
    <>
      <p className="sealbig mono">
        <Icon name="seal" />
        {proposal.seal}
      </p>
      <p className="muted">
        Five words made from the hash below, the same on every screen. Enough to notice a mix-up; to be certain, compare the hash.
      </p>
      <dl className="kv seal-kv">
        <dt>SHA-256</dt>
        <dd className="hashline">
          <Hash hex={proposal.hash} /> <CopyButton text={proposal.hash} label="Copy the hash" />
        </dd>
        <dt>Computed</dt>
        <dd className={equal ? undefined : 'irrev'}>
          {equal
            ? 'in this browser from the bytes on the Raw tab, and equal to the server’s'
            : 'in this browser from the bytes on the Raw tab; the server says another one:'}
        </dd>
        {!equal && (
          <>
            <dt className="irrev">Server’s</dt>
            <dd>
              <Hash hex={action.payload_hash} />
            </dd>
          </>
        )}
        <dt>You bind</dt>
        <dd>
          approve
          <span className="dot" />
          <span className="mono">{action.action_id}</span>, revision {action.revision}
          <span className="dot" />
          {proposal.descriptor === null ? 'no description' : `${proposal.descriptor.id} v${proposal.descriptor.version}`}
          <span className="dot" />
          {action.mode === 'live' ? 'live' : 'dry run'}
          <span className="dot" />
          decided by <Time at={action.decide_by} form="clock" />
          <span className="dot" />
          executed by <Time at={action.latest_execute_by} form="clock" />
        </dd>
        {proposal.rendered !== null && (
          <>
            <dt>What was shown</dt>
            <dd>
              <Hash hex={proposal.rendered.display_sha256} /> <span className="muted">renderer {proposal.renderer_version}</span>
            </dd>
          </>
        )}
        {sent !== null && (
          <>
            <dt>Bytes sent</dt>
            <dd className="hashline">
              <Hash hex={sent} /> <CopyButton text={sent} label="Copy the hash of what was sent" />
            </dd>
          </>
        )}
        <dt>Signed</dt>
        <dd>
          <Signatures action={action} />
        </dd>
      </dl>
    </>
  )
}

const stepUpWords = {
  passkey: 'an approval is signed with a passkey, and nothing else will do',
  preferred: 'an approval is signed with a passkey; without one it takes the password again, and is marked “not signed”',
  none: 'approvals of this kind carry the session only',
} as const

function Signatures({ action }: { action: ExternalAction }) {
  const approvals = action.decisions.filter((decision) => decision.kind === 'approve' && decision.revision === action.revision)
  if (approvals.length === 0) return <span className="muted">{stepUpWords[action.step_up]}</span>
  return (
    <ul className="checks">
      {approvals.map((decision) => (
        <li key={decision.decision_id}>
          <Icon name={decision.signed ? 'passkey' : 'info'} />
          <span>
            {decision.signed ? 'signed by ' : 'not signed, approved by '}
            <b>{decision.decided_by.name}</b>, <Time at={decision.decided_at} form="clock" />
          </span>
        </li>
      ))}
    </ul>
  )
}

function Hash({ hex }: { hex: string }) {
  const groups = hex.match(/.{8}/g) ?? [hex]
  return (
    <span className="mono hash">
      {groups.map((group, place) => (
        <span key={place}>{group}</span>
      ))}
    </span>
  )
}
