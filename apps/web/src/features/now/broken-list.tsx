import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { SentenceText } from '../../shared/sentence-text.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Time } from '../../shared/time.tsx'
import type { BrokenThing } from './broken-things.ts'

const mostShown = 6

/** What stopped or broke, and why, as far as anybody said. */
export function BrokenList({ things, since }: { things: readonly BrokenThing[] | null; since: string | null }) {
  return (
    <section aria-labelledby="broken-title">
      <h2 className="sec" id="broken-title">
        Stopped or broken{' '}
        {since !== null && (
          <span className="n">
            since <Time at={since} form="short" />
          </span>
        )}
      </h2>
      {things === null && <p className="muted">Not known.</p>}
      {things?.length === 0 && (
        <p className="muted">{since === null ? 'Nothing failed, nothing ended unknown.' : 'Nothing since your last visit.'}</p>
      )}
      {things !== null && things.length > 0 && (
        <ul className="broken">
          {things
            .slice(0, mostShown)
            .map((thing) =>
              thing.kind === 'run' ? <BrokenRun key={thing.run.run_id} thing={thing} /> : <BrokenAction key={thing.action.action_id} thing={thing} />,
            )}
        </ul>
      )}
      {things !== null && things.length > mostShown && (
        <p className="muted f12">and {things.length - mostShown} more: see the runs that failed and the decided actions</p>
      )}
    </section>
  )
}

function BrokenRun({ thing: { run, at } }: { thing: Extract<BrokenThing, { kind: 'run' }> }) {
  return (
    <li>
      <StateMark kind="failed" label="Failed" iconOnly />
      <Link className="clip v" dir="auto" to={`/runs/${run.run_id}`} title={toAgentWords(run.name)}>
        <VisibleText text={toAgentWords(run.name)} />
      </Link>
      <Time at={at} form="short" />
      <p className="muted f12">{run.failure_reason === null ? 'no reason given' : <VisibleText text={toAgentWords(run.failure_reason)} />}</p>
    </li>
  )
}

function BrokenAction({ thing: { action, at } }: { thing: Extract<BrokenThing, { kind: 'action' }> }) {
  const unknown = action.state === 'UNKNOWN'
  return (
    <li>
      <StateMark kind={unknown ? 'unknown' : 'failed'} label={unknown ? 'Unknown' : 'Failed'} iconOnly />
      <Link className="clip" to={`/actions/${action.action_id}${unknown ? '#resolve' : ''}`}>
        <SentenceText sentence={action.sentence} capital />
      </Link>
      <Time at={at} form="short" />
      <p className="muted f12">{unknown ? 'nobody knows whether it happened: look at the provider' : `${action.executor.name} says it failed`}</p>
    </li>
  )
}
