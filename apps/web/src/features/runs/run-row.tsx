import type { RunSummary } from '@autopack/contract/operator-runs'
import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { formatExactDuration } from '../../shared/format-duration.ts'
import { PhaseSegments } from '../../shared/phase-segments.tsx'
import { RunMark } from '../../shared/run-mark.tsx'
import { Elapsed, Time } from '../../shared/time.tsx'
import { toLatestWords } from './latest-words.ts'

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
      <td className="c10 muted">
        <Latest run={run} />
      </td>
      <td className="c3 muted clip">
        <Link to={executorLink} title={`Only runs of ${run.executor.name}`}>
          {run.executor.name}
        </Link>
      </td>
      <td className="c4">
        <PhaseSegments states={run.phase_states} done={run.phases_done} total={run.phases_total} failed={run.phases_failed} />
      </td>
      <td className="c5 num">{run.uses_model ? <Tokens run={run} /> : <Quiet title="no model used">0</Quiet>}</td>
      <td className="c6 num">{run.cpu_ms === 0 ? <Quiet title="no CPU time was reported">0 s</Quiet> : formatExactDuration(run.cpu_ms)}</td>
      <td className="c7 muted clip">{run.owner?.name ?? 'nobody'}</td>
      <td className="c8">{run.started_at ? <Time at={run.started_at} form="short" /> : <span className="muted">not yet</span>}</td>
      <td className="c9 num">{run.started_at && <Elapsed from={run.started_at} to={run.completed_at} />}</td>
    </tr>
  )
}

/** A zero that is true and says little: a column of them stays grey. */
function Quiet({ title, children }: { title: string; children: string }) {
  return (
    <span className="muted" title={title}>
      {children}
    </span>
  )
}

/** What the executor said last: why it failed, what it does, or which phase it is in. */
function Latest({ run }: { run: RunSummary }) {
  const words = toLatestWords(run)
  if (words === null) return null
  return (
    <span className="name v" dir="auto" title={toAgentWords(words)}>
      <VisibleText text={toAgentWords(words)} />
    </span>
  )
}

function Tokens({ run }: { run: RunSummary }) {
  if (run.tokens_used === null) return <span className="muted">not known</span>
  if (run.token_cap === null) return <>{formatCount(run.tokens_used)}</>
  return <span title={`of ${formatCount(run.token_cap)} tokens`}>{formatCount(run.tokens_used)}</span>
}
