import type { BrakeScope } from '@autopack/contract/control'
import type { Brake } from '@autopack/contract/operator-control'
import { useQuery } from '@tanstack/react-query'
import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { formatTotal } from '../../shared/format-count.ts'
import { runListQuery } from '../../shared/run-queries.ts'
import { StateMark } from '../../shared/state-mark.tsx'
import { ledgerNowQuery } from './brake-queries.ts'
import { listParts, toPartWords, toScopeSearch } from './brake-words.ts'

type Row = { scope: BrakeScope; name: string; words: string }

/** What can be stopped on its own: the providers and executors of everything that is open, and the runs that are going. */
export function BrakeParts({ brakes, may }: { brakes: readonly Brake[]; may: boolean }) {
  const states = [
    useQuery(ledgerNowQuery('EXECUTING')).data,
    useQuery(ledgerNowQuery('APPROVED')).data,
    useQuery(ledgerNowQuery('PENDING')).data,
    useQuery(ledgerNowQuery('UNKNOWN')).data,
  ]
  const runs = useQuery(runListQuery({ state: 'running', limit: 8 })).data
  const actions = states.flatMap((state) => state?.items ?? [])
  const toRow = (part: ReturnType<typeof listParts>[number]): Row => ({ scope: part.scope, name: part.name, words: toPartWords(part) })
  const executors = listParts(actions, 'executor').map(toRow)
  for (const run of runs?.items ?? []) {
    const { executor_id, name } = run.executor
    if (!executors.some(({ scope }) => scope.id === executor_id))
      executors.push({ scope: { kind: 'executor', id: executor_id }, name, words: 'running, nothing open' })
  }
  const running = (runs?.items ?? []).map((run): Row => ({
    scope: { kind: 'run', id: run.run_id },
    name: run.name,
    words: run.actions_waiting > 0 ? `${run.executor.name}, ${run.actions_waiting} waiting for a person` : run.executor.name,
  }))
  const providers = listParts(actions, 'provider').map(toRow)
  const isKnown = states.every((state) => state !== undefined) && runs !== undefined
  const isEmpty = providers.length + executors.length + running.length === 0
  const more = runs === undefined ? 0 : runs.by_state.running.count - runs.items.length
  return (
    <section aria-labelledby="parts-title">
      <h2 className="sec brake-sec" id="parts-title">
        Or stop a part <span className="end f12">any approver may</span>
      </h2>
      {isEmpty && isKnown && <p className="muted">Nothing is open and nothing runs. A part appears here with its first action or run.</p>}
      {!isEmpty && (
        <table className="t flush scopes">
          <thead className="sr">
            <tr>
              <th scope="col">Part</th>
              <th scope="col">What is in it now</th>
              <th scope="col">Stop</th>
            </tr>
          </thead>
          <Group title="Providers" rows={providers} brakes={brakes} may={may} />
          <Group title="Executors" rows={executors} brakes={brakes} may={may} />
          <Group title="Runs" rows={running} brakes={brakes} may={may} />
        </table>
      )}
      {runs !== undefined && more > 0 && (
        <p className="f12 brake-more">
          <Link to="/runs?state=running">All {formatTotal(runs.by_state.running)} running</Link>: each run’s page has its own <i>Stop</i>.
        </p>
      )}
    </section>
  )
}

function Group({ title, rows, brakes, may }: { title: string; rows: readonly Row[]; brakes: readonly Brake[]; may: boolean }) {
  if (rows.length === 0) return null
  return (
    <tbody>
      <tr className="group">
        <td colSpan={3}>{title}</td>
      </tr>
      {rows.map(({ scope, name, words }) => {
        const brake = brakes.find((each) => each.scope.kind === scope.kind && each.scope.id === scope.id)
        const shown = toAgentWords(name)
        return (
          <tr key={scope.id}>
            <th scope="row">
              <span className="name v" dir="auto" title={shown}>
                <VisibleText text={shown} />
              </span>
            </th>
            <td className="muted">{brake ? <StateMark kind="halted" label="Stopped" /> : words}</td>
            <td className="num">
              {brake ? null : may ? (
                <Link className="btn xs" replace to={toScopeSearch(scope)} aria-label={`Stop ${scope.kind} ${shown}…`}>
                  Stop…
                </Link>
              ) : (
                <button className="btn xs" type="button" aria-disabled="true" aria-describedby="stop-who" aria-label={`Stop ${scope.kind} ${shown}`}>
                  Stop…
                </button>
              )}
            </td>
          </tr>
        )
      })}
    </tbody>
  )
}
