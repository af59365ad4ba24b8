import { seal } from '@autopack/approval-proof/seal'
import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'
import { Fragment, type ReactNode } from 'react'
import { AgentText, VisibleText } from '../../shared/agent-text.tsx'
import { Badge } from '../../shared/badge.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import { Link } from '../../shared/link.tsx'
import { SealMark } from '../../shared/seal-mark.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { PaperTime } from './paper-time.tsx'
import type { ReceiptEvent } from './read-receipt-events.ts'
import { decisionMarks, observedWords, stateMarks, strengthWords, toOutcomeWords, toSentTitle } from './receipt-words.ts'

export type ReceiptFacts = Extract<ReceiptVerdict, { ok: true }>['facts']

/** What the verified receipt says, from the sentence to the seal; nothing here comes from anywhere else. */
export function ReceiptStory({ facts, events }: { facts: ReceiptFacts; events: readonly ReceiptEvent[] }) {
  const { drawn } = facts
  return (
    <>
      <header className="receipt-top">
        <p className="receipt-kind">
          <StateMark {...stateMarks[facts.state]} />
          <strong>
            <VisibleText text={drawn.title} />
          </strong>
          <span className="muted">
            tier {facts.tier}
            <span className="dot" />
            {facts.mode === 'live' ? 'live' : 'dry run'}
          </span>
          {drawn.blind && (
            <Badge icon="blind" tone="red">
              blind
            </Badge>
          )}
        </p>
        <p className="sentence">
          Agent{' '}
          <b>
            <AgentText text={facts.requested_by.name} />
          </b>{' '}
          wanted to{' '}
          {drawn.sentence.map((part, place) =>
            part.value ? (
              <b className="v" dir="auto" key={place}>
                <VisibleText text={part.text} />
              </b>
            ) : (
              // The quotes around a value, as everywhere on the pages.
              <Fragment key={place}>{part.text.replaceAll('«', '“').replaceAll('»', '”')}</Fragment>
            ),
          )}
          .
        </p>
        <p className="muted">
          Asked <PaperTime at={facts.proposed_at} />, revision {facts.revision}. Cost {drawn.cost_text}; undo: {drawn.undo_text}; seen by{' '}
          {drawn.seen_by_text}.
        </p>
      </header>
      <Part id="who" title={facts.decisions.some(({ kind }) => kind === 'approve') ? 'Who approved' : 'Who decided'}>
        <Decisions facts={facts} />
      </Part>
      <Part id="sent" title={toSentTitle(facts.execution?.outcome ?? null)}>
        <Sent facts={facts} />
      </Part>
      {facts.execution !== null && (
        <Part id="observed" title="What was observed">
          <Observed execution={facts.execution} asOf={facts.complete_until.seq} />
        </Part>
      )}
      <Part id="log" title="In the audit log">
        <p className="muted">
          {events.length} {events.length === 1 ? 'event' : 'events'}, each proven to be in the log of {formatCount(facts.checkpoint.size)} that was
          signed <PaperTime at={facts.checkpoint.time} /> with key <code>ed25519 {facts.checkpoint.key_id}</code>.
        </p>
        <p>
          It is complete up to entry {formatCount(facts.complete_until.seq)}. What came after that, also below the size of the checkpoint, only the
          log can show.
        </p>
        <ol className="receipt-events">
          {events.map((event) => (
            <li key={event.seq}>
              <Link className="mono tn" to={`/audit/${event.seq}`}>
                {formatCount(event.seq)}
              </Link>
              <span>
                <AgentText text={event.event_type.replace(/^external_action\./, '').replaceAll(/[._]/g, ' ')} />
                <span className="muted">
                  , <AgentText text={event.auth_principal_name ?? event.auth_principal_id} />
                </span>
              </span>
              <PaperTime at={event.at} />
            </li>
          ))}
        </ol>
      </Part>
      <Part id="seal" title="Seal">
        <SealMark seal={seal(facts.payload_hash)} big />
        <dl className="kv receipt-kv">
          <dt>Payload</dt>
          <dd>
            <code>{facts.payload_hash}</code>
          </dd>
          <dt>Drawn</dt>
          <dd>
            <code>{drawn.display_sha256}</code>
          </dd>
          <dt>Log</dt>
          <dd>
            <AgentText text={facts.checkpoint.origin} />, root <code>{facts.checkpoint.root}</code>
          </dd>
          {facts.relying_party !== null && (
            <>
              <dt>Passkeys of</dt>
              <dd>
                <AgentText text={facts.relying_party.origin} />
              </dd>
            </>
          )}
          <dt>Made</dt>
          <dd>
            <PaperTime at={facts.made_at} /> <span className="muted">by the console’s own word; nothing proves it</span>
          </dd>
        </dl>
      </Part>
    </>
  )
}

function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={`receipt-${id}`}>
      <h2 id={`receipt-${id}`}>{title}</h2>
      <div className="receipt-body">{children}</div>
    </section>
  )
}

function Decisions({ facts: { decisions, authorized_by, state, tier } }: { facts: ReceiptFacts }) {
  if (decisions.length === 0) {
    const granted = authorized_by === 'policy' || state === 'APPROVED'
    return (
      <p className="muted">
        {granted ? `No person was asked: what is of tier ${tier} was allowed by a grant.` : `Nobody had decided; it ${outcomeOf(state)}.`}
      </p>
    )
  }
  return (
    <ul className="receipt-decisions">
      {decisions.map((decision, place) => (
        <li key={place}>
          <p>
            <StateMark {...decisionMarks[decision.kind]} />
            <span>
              by{' '}
              <b>
                <AgentText text={decision.name} />
              </b>
              , {decision.role}, <PaperTime at={decision.decided_at} />
            </span>
          </p>
          {decision.kind === 'approve' && (
            <p>
              {decision.signed ? <Icon name="ok" small /> : <Badge icon="info">not signed</Badge>} {strengthWords[decision.strength ?? 'session']}
            </p>
          )}
          {decision.passkey !== null && (
            <p className="muted">
              {decision.passkey.endorsed_by === null
                ? 'It is their first passkey, or the first after a reset: that it is theirs is the console’s word.'
                : 'That passkey was endorsed by one that they had before.'}
            </p>
          )}
          {decision.sole_operator && <p className="irrev">They approved what they asked for themselves, as the only approver there is.</p>}
          <q>
            <AgentText text={decision.reason} />
          </q>
        </li>
      ))}
    </ul>
  )
}

function outcomeOf(state: ReceiptFacts['state']): string {
  return state === 'EXPIRED' ? 'expired' : state === 'CANCELLED' ? 'was withdrawn' : 'ended without a decision'
}

function Sent({ facts: { execution, drawn, complete_until } }: { facts: ReceiptFacts }) {
  const outcome = execution?.outcome ?? null
  const asOf = `as of entry ${formatCount(complete_until.seq)}`
  return (
    <>
      {execution === null ? (
        <p>Nobody had taken it, {asOf}.</p>
      ) : (
        <p>
          <AgentTakes execution={execution} />{' '}
          {outcome === null ? (
            <b>What came of it was not reported, {asOf}.</b>
          ) : (
            <>
              <b>{toOutcomeWords(outcome)}</b>, {outcome.outcome === 'unknown' ? 'recorded' : 'as its executor reported'}{' '}
              <PaperTime at={outcome.finished_at} />.{' '}
              {outcome.sent === 'yes' && outcome.sent_sha256 !== null && outcome.sent_sha256 === execution.claim.expected_sha256 && (
                <>
                  <Icon name="ok" small /> The body that was reported as sent is, byte for byte, the one that was approved.
                </>
              )}
              {outcome.external_object_id !== null && (
                <>
                  {' '}
                  Outside it is <AgentText text={outcome.external_object_id} />.
                </>
              )}
              {outcome.error_summary !== null && (
                <>
                  {' '}
                  <AgentText text={outcome.error_summary} />
                </>
              )}
            </>
          )}
        </p>
      )}
      <dl className="kv receipt-kv">
        {drawn.fields.map((field) => (
          <Fragment key={field.pointer}>
            <dt>
              <VisibleText text={field.label} />
              {field.format === 'unexplained' && <span className="irrev">, unexplained</span>}
            </dt>
            <dd className="v" dir="auto">
              {field.value_text === '' ? <span className="muted">empty</span> : <VisibleText text={field.value_text} />}
            </dd>
          </Fragment>
        ))}
      </dl>
      <p className="muted">
        {drawn.coverage.explained} of {drawn.coverage.present} fields explained,{' '}
        {execution === null ? 'as they were decided about' : 'as they were approved'}.
      </p>
    </>
  )
}

function AgentTakes({ execution: { claim } }: { execution: NonNullable<ReceiptFacts['execution']> }) {
  return (
    <>
      Taken <PaperTime at={claim.claimed_at} />, {claim.authorized_by === 'people' ? 'authorized by people' : 'authorized by policy'}, fence{' '}
      {claim.fence}.
    </>
  )
}

function Observed({ execution: { observations, resolution }, asOf }: { execution: NonNullable<ReceiptFacts['execution']>; asOf: number }) {
  return (
    <>
      {observations.length === 0 && <p className="muted">Nobody had read the effect back, as of entry {formatCount(asOf)}.</p>}
      <ul className="receipt-decisions">
        {observations.map(({ no, result, detail, observed_at }) => (
          <li key={no}>
            <p>
              <StateMark {...observedWords[result]} /> <PaperTime at={observed_at} />
            </p>
            {detail !== null && (
              <p className="muted">
                <AgentText text={detail} />
              </p>
            )}
          </li>
        ))}
        {resolution !== null && (
          <li>
            <p>
              <b>{resolution.outcome === 'completed' ? 'A person looked: it happened' : 'A person looked: it did not happen'}</b>{' '}
              <PaperTime at={resolution.resolved_at} />
            </p>
            <p>
              Looked at <AgentText text={resolution.looked_at} />
            </p>
            <q>
              <AgentText text={resolution.reason} />
            </q>
          </li>
        )}
      </ul>
    </>
  )
}
