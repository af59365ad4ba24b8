import type { Artifact } from '@autopack/contract/artifacts'
import type { RunDetail } from '@autopack/contract/operator-runs'
import { Link } from '../../shared/link.tsx'
import { AgentText, toAgentWords } from '../../shared/agent-text.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { formatExactDuration } from '../../shared/format-duration.ts'
import { Icon } from '../../shared/icon.tsx'
import { StateMark } from '../../shared/state-mark.tsx'
import { Elapsed, Time } from '../../shared/time.tsx'
import { ArtifactList } from './artifact-list.tsx'
import { phaseWords } from './phase-words.ts'

type Phase = RunDetail['tiers'][number]['phases'][number]

/** One phase, in words. `artifacts`: null while they are not known; `complete`: none is missing from them. */
export function PhaseInspector({
  run,
  phase,
  artifacts,
  complete,
}: {
  run: RunDetail
  phase: Phase
  artifacts: readonly Artifact[] | null
  complete: boolean
}) {
  const { kind, label } = phaseWords[phase.state]
  const own = artifacts?.filter((artifact) => artifact.phase_id === phase.phase_id)
  return (
    <aside className="pane-r" aria-label={`Phase ${toAgentWords(phase.name)}`}>
      {/* It stays beside a long timeline, and then scrolls by itself. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="insp" tabIndex={0}>
        <Link className="allphases" to="?" replace>
          <Icon name="arrow-l" />
          All phases
        </Link>
        <div className="insp-top">
          <StateMark kind={kind} label={label} />
          {phase.attempts > 1 && (
            <span className="muted">{phase.completed_at === null ? `attempt ${phase.attempts}` : `after ${phase.attempts} attempts`}</span>
          )}
          <span className="end mono muted">{phase.phase_id}</span>
        </div>
        <h2>
          <AgentText text={phase.name} />
        </h2>
        {phase.description && (
          <p className="muted">
            <AgentText text={phase.description} lines />
          </p>
        )}
        {phase.failure_reason && (
          <div>
            <h3>Why it failed</h3>
            <p>
              <AgentText text={phase.failure_reason} lines />
            </p>
          </div>
        )}
        {phase.progress && phase.completed_at === null && (
          <div>
            <h3>
              {formatCount(phase.progress.done)} of {formatCount(phase.progress.of)}
            </h3>
            <span className="bar" aria-hidden="true">
              <i style={{ width: `${phase.progress.of === 0 ? 0 : Math.min(100, (phase.progress.done / phase.progress.of) * 100)}%` }} />
            </span>
          </div>
        )}
        <dl className="kv">
          <dt>Started</dt>
          <dd>{phase.started_at ? <Time at={phase.started_at} form="clock" /> : <span className="muted">not yet</span>}</dd>
          {phase.started_at && (
            <>
              <dt>{phase.completed_at ? 'Took' : 'Runs for'}</dt>
              <dd>
                {phase.completed_at ? (
                  <span className="tn">{formatExactDuration(Date.parse(phase.completed_at) - Date.parse(phase.started_at))}</span>
                ) : (
                  <Elapsed from={phase.started_at} to={null} />
                )}
              </dd>
            </>
          )}
          <dt>Attempts</dt>
          <dd className="tn">{phase.attempts}</dd>
          <dt>CPU time</dt>
          <dd className="tn">{formatExactDuration(phase.cpu_ms)}</dd>
          <dt>Tokens</dt>
          <dd className="tn">
            {run.uses_model ? (
              phase.tokens_used === null ? (
                <span className="muted">not known</span>
              ) : (
                formatCount(phase.tokens_used)
              )
            ) : (
              <span className="muted">no model used</span>
            )}
          </dd>
        </dl>
        <hr />
        <div>
          <h3>Artifacts of this phase</h3>
          {own && own.length > 0 && <ArtifactList runId={run.run_id} artifacts={own} />}
          {own?.length === 0 && <p className="muted">{complete ? 'none' : 'none among those listed so far'}</p>}
          {!own && <p className="muted">not read yet</p>}
        </div>
      </div>
    </aside>
  )
}
