import type { ExternalAction } from '@autopack/contract/external-actions'
import { AgentText } from '../../shared/agent-text.tsx'
import { CopyButton } from '../../shared/copy-button.tsx'
import { Icon } from '../../shared/icon.tsx'
import { compareSent, toSafeLink, toSentWords } from '../../shared/ledger/compare-sent.ts'
import { Time } from '../../shared/time.tsx'

/** Who took it, what left, and whether that was what was approved. An executor chose the texts: they are shown, never believed. */
export function ExecutionFacts({ action, execution }: { action: ExternalAction; execution: NonNullable<ExternalAction['execution']> }) {
  const equality = compareSent(action)
  const link = toSafeLink(execution.external_url)
  const { resolution } = execution
  return (
    <dl className="kv act-kv">
      <dt>Taken</dt>
      <dd>
        by {action.executor.name}, <Time at={execution.claimed_at} form="clock" />
        <span className="dot" />
        fence {execution.fence}
        <span className="dot" />
        lease {action.state === 'EXECUTING' ? 'ends' : 'was until'} <Time at={execution.lease_until} form="clock" />
      </dd>
      <dt>Sent</dt>
      <dd>
        {toSentWords(action)}
        {execution.finished_at !== null && (
          <>
            , reported <Time at={execution.finished_at} form="clock" />
          </>
        )}
      </dd>
      {equality !== null && (
        <>
          <dt>Compared</dt>
          <dd className={equality.verdict === 'different' ? 'act-bad' : undefined}>
            <Icon name={equality.verdict === 'equal' ? 'ok' : equality.verdict === 'different' ? 'failed' : 'none'} /> <b>{equality.title}</b>{' '}
            <span className="muted">{equality.detail}</span>
          </dd>
        </>
      )}
      <dt>Bytes</dt>
      <dd className="act-hashes">
        <Hash name="approved" hash={execution.expected_sha256} />
        {execution.sent_sha256 !== null && <Hash name="sent" hash={execution.sent_sha256} />}
      </dd>
      {execution.external_object_id !== null && (
        <>
          <dt>Outside</dt>
          <dd>
            object <AgentText text={execution.external_object_id} />{' '}
            {link !== null ? (
              <a href={link} target="_blank" rel="noreferrer noopener">
                open it at {new URL(link).host} <Icon name="arrow-ur" small />
              </a>
            ) : (
              execution.external_url !== null && (
                <span className="muted">
                  its address is not a web address: <AgentText text={execution.external_url} />
                </span>
              )
            )}
          </dd>
        </>
      )}
      {(execution.error_code !== null || execution.error_summary !== null) && (
        <>
          <dt>Error</dt>
          <dd>
            {execution.error_code !== null && (
              <code>
                <AgentText text={execution.error_code} />
              </code>
            )}{' '}
            {execution.error_summary !== null && <AgentText text={execution.error_summary} />}
          </dd>
        </>
      )}
      {resolution !== null && (
        <>
          <dt>Looked up</dt>
          <dd>
            by <b>{resolution.resolved_by.name}</b>, <Time at={resolution.resolved_at} form="clock" />:{' '}
            <b>{resolution.outcome === 'completed' ? 'it happened' : 'it did not happen'}</b>
            {resolution.external_object_id !== null && (
              <>
                , object <AgentText text={resolution.external_object_id} />
              </>
            )}
            <br />
            <span className="muted">Looked at</span> <AgentText text={resolution.looked_at} />
            <br />
            <q>
              <AgentText text={resolution.reason} />
            </q>
          </dd>
        </>
      )}
    </dl>
  )
}

function Hash({ name, hash }: { name: string; hash: string }) {
  return (
    <span>
      <span className="muted">{name}</span> <code title={hash}>{`${hash.slice(0, 12)}…${hash.slice(-6)}`}</code>{' '}
      <CopyButton text={hash} label={`Copy the hash of what was ${name}`} />
    </span>
  )
}
