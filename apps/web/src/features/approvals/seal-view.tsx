import type { ExternalAction } from '@autopack/contract/external-actions'
import { Badge } from '../../shared/badge.tsx'
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
          until <Time at={action.decide_by} form="clock" />
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
          <Badge icon="info" tone="strong">
            not signed
          </Badge>{' '}
          <span className="muted">Approvals carry your session, not yet a passkey’s signature; the ledger says so too.</span>
        </dd>
      </dl>
    </>
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
