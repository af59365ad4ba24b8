import type { RunSummary } from '@autopack/contract/runs'
import { Link } from 'react-router'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { formatExactDuration } from '../../shared/format-duration.ts'
import { PhaseSegments } from '../../shared/phase-segments.tsx'
import { RunMark } from '../../shared/run-mark.tsx'
import { Elapsed, Time } from '../../shared/time.tsx'

export function RunRow({
  run,
  actionable,
  selected,
  executorLink,
}: {
  run: RunSummary
  actionable: boolean
  selected: boolean
  executorLink: string
}) {
  return (
    <tr aria-selected={selected} data-run={run.run_id}>
      <td className="c1">
        <RunMark state={run.state} silentSince={run.silent_since} actionable={actionable} quiet />
      </td>
      <td className="c2" title={run.run_id}>
        <Link className="name v" dir="auto" to={`/runs/${run.run_id}`} title={toAgentWords(run.name)}>
          <VisibleText text={toAgentWords(run.name)} />
        </Link>
      </td>
      <td className="c3 muted clip">
        <Link to={executorLink} title={`Only runs of ${run.executor.name}`}>
          {run.executor.name}
        </Link>
      </td>
      <td className="c4">
        <PhaseSegments states={run.phase_states} done={run.phases_done} total={run.phases_total} />
      </td>
      <td className="c5 num">{run.uses_model ? <Tokens run={run} /> : <span className="muted">no model used</span>}</td>
      <td className="c6 num">{formatExactDuration(run.cpu_ms)}</td>
      <td className="c7 muted clip">{run.owner?.name ?? 'nobody'}</td>
      <td className="c8">{run.started_at ? <Time at={run.started_at} form="short" /> : <span className="muted">not yet</span>}</td>
      <td className="c9 num">{run.started_at && <Elapsed from={run.started_at} to={run.completed_at} />}</td>
    </tr>
  )
}

function Tokens({ run }: { run: RunSummary }) {
  if (run.tokens_used === null) return <span className="muted">not known</span>
  if (run.token_cap === null) return <>{formatCount(run.tokens_used)}</>
  return <span title={`of ${formatCount(run.token_cap)} tokens`}>{formatCount(run.tokens_used)}</span>
}
