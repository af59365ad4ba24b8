import type { RunDetail } from '@autopack/contract/operator-runs'
import { formatBytes } from '../../shared/format-bytes.ts'
import { formatCount } from '../../shared/format-count.ts'
import { formatDuration, formatExactDuration } from '../../shared/format-duration.ts'
import { PhaseSegments } from '../../shared/phase-segments.tsx'
import { RunMark } from '../../shared/run-mark.tsx'
import { Elapsed, Time } from '../../shared/time.tsx'

/** The head of the run page: everything that is one value. */
export function RunFacts({ run, actionable, waitingMs }: { run: RunDetail; actionable: boolean; waitingMs: number }) {
  return (
    <dl className="runfacts">
      <div>
        <dt>State</dt>
        <dd>
          <RunMark state={run.state} silentSince={run.silent_since} actionable={actionable} />
        </dd>
      </div>
      <div>
        <dt>Phases</dt>
        <dd>
          <PhaseSegments states={run.phase_states} done={run.phases_done} total={run.phases_total} failed={run.phases_failed} />
          {run.phases_failed > 0 && <span className="muted">{run.phases_failed} failed</span>}
        </dd>
      </div>
      <div>
        <dt>Elapsed</dt>
        <dd>
          {run.started_at ? <Elapsed from={run.started_at} to={run.completed_at} /> : <span className="muted">not started</span>}
          {waitingMs > 0 && <span className="muted tn">{formatDuration(waitingMs)} of it waiting for people</span>}
        </dd>
      </div>
      <div>
        <dt>Tokens</dt>
        <dd>
          <Tokens run={run} />
        </dd>
      </div>
      <div>
        <dt>CPU time</dt>
        <dd className="tn">{formatExactDuration(run.cpu_ms)}</dd>
      </div>
      <div>
        <dt>Bytes</dt>
        <dd className="tn">
          {formatBytes(run.bytes_read)} <span className="muted">read</span> {formatBytes(run.bytes_written)} <span className="muted">written</span>
        </dd>
      </div>
      <div>
        <dt>Executor</dt>
        <dd>
          {run.executor.name}
          <span className="muted">
            {run.completed_at ? (
              <>
                ended <Time at={run.completed_at} />
              </>
            ) : run.heartbeat_at ? (
              <>
                heartbeat <Time at={run.heartbeat_at} />
              </>
            ) : (
              'no heartbeat yet'
            )}
          </span>
        </dd>
      </div>
      <div>
        <dt>Owner</dt>
        <dd dir="auto">{run.owner?.name ?? <span className="muted">nobody</span>}</dd>
      </div>
    </dl>
  )
}

function Tokens({ run }: { run: RunDetail }) {
  if (!run.uses_model) return <span className="muted">no model used</span>
  if (run.tokens_used === null) return <span className="muted">not known</span>
  return (
    <>
      <span className="tn">{formatCount(run.tokens_used)}</span>
      <span className="muted tn">{run.token_cap === null ? 'no cap' : `of ${formatCount(run.token_cap)}`}</span>
    </>
  )
}
