import type { RunSummary } from '@autopack/contract/operator-runs'
import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { formatTotal } from '../../shared/format-count.ts'
import { useHeldRows } from '../../shared/held-rows.ts'
import { NewPill } from '../../shared/new-pill.tsx'
import { PhaseSegments } from '../../shared/phase-segments.tsx'
import { RunMark } from '../../shared/run-mark.tsx'
import { Elapsed } from '../../shared/time.tsx'

type Total = { count: number; exact: boolean }

/** The runs that are at work, the newest first. */
export function RunningList({ runs, total }: { runs: readonly RunSummary[] | undefined; total: Total | undefined }) {
  const held = useHeldRows('running', runs, { toId: (run) => run.run_id, toVersion: (run) => run.version })
  return (
    <section aria-labelledby="running-title">
      <div className="now-sec">
        <h2 className="sec" id="running-title">
          Running {total !== undefined && total.count > 0 && <span className="n">{formatTotal(total)}</span>}
        </h2>
        <NewPill count={held.arrived} onShow={held.adopt} />
        <Link className="end f12" to="/runs">
          all runs
        </Link>
      </div>
      {runs !== undefined && held.rows.length === 0 && <p className="now-none muted">No run is at work.</p>}
      {held.rows.length > 0 && (
        <table className="t running">
          <thead className="sr">
            <tr>
              <th scope="col">State</th>
              <th scope="col">Run</th>
              <th scope="col">Executor</th>
              <th scope="col">Phases</th>
              <th scope="col">Elapsed</th>
            </tr>
          </thead>
          <tbody className="hov">
            {held.rows.map(({ item: run, gone }) => (
              <tr key={run.run_id} className={gone ? 'gone' : undefined}>
                <td className="nowrap">
                  {gone ? <span className="muted">no longer running</span> : <RunMark state={run.state} silentSince={run.silent_since} quiet />}
                </td>
                <td className="r2">
                  <Link className="name v" dir="auto" to={`/runs/${run.run_id}`} title={toAgentWords(run.name)}>
                    <VisibleText text={toAgentWords(run.name)} />
                  </Link>
                </td>
                <td className="r3 muted nowrap">{run.executor.name}</td>
                <td className="r4">
                  <PhaseSegments states={run.phase_states} done={run.phases_done} failed={run.phases_failed} total={run.phases_total} />
                </td>
                <td className="num muted">{run.started_at && <Elapsed from={run.started_at} to={run.completed_at} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
