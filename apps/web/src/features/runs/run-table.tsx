import type { runSorts, RunSummary } from '@autopack/contract/operator-runs'
import { useEffect, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { Link } from '../../shared/link.tsx'
import { Icon } from '../../shared/icon.tsx'
import { useKeys } from '../../shared/keyboard.ts'
import { withParameters } from './run-filter.ts'
import { RunRow } from './run-row.tsx'

type Sort = (typeof runSorts)[number]

/** The rows, in the order they are given; `j` and `k` move a selection, Enter opens it. */
export function RunTable({
  runs,
  search,
  actionable,
  fading,
}: {
  runs: readonly RunSummary[]
  search: URLSearchParams
  actionable: ReadonlySet<string | null>
  /** Rows of the filter before, while the next are being read. */
  fading: boolean
}) {
  const navigate = useNavigate()
  const [selected, setSelected] = useState<string | null>(null)
  const body = useRef<HTMLTableSectionElement>(null)
  const place = runs.findIndex((run) => run.run_id === selected)

  function move(step: number): void {
    const next = runs[Math.min(runs.length - 1, Math.max(0, place === -1 ? (step > 0 ? 0 : runs.length - 1) : place + step))]
    if (next) setSelected(next.run_id)
  }
  useKeys([
    { keys: 'j', does: 'next run', run: () => move(1) },
    { keys: 'k', does: 'previous run', run: () => move(-1) },
    { keys: 'Enter', does: 'open the selected run', run: () => selected !== null && place !== -1 && void navigate(`/runs/${selected}`) },
    { keys: 'Escape', does: 'select nothing', run: () => setSelected(null) },
  ])
  useEffect(() => {
    if (selected === null) return
    body.current?.querySelector(`[data-run="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [selected])

  return (
    // A region that scrolls must be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="tablewrap" tabIndex={0} role="region" aria-label="Runs" data-fading={fading || undefined}>
      <table className="t fixed runs">
        <thead>
          <tr>
            <SortHead className="c1" sort="state" search={search}>
              State
            </SortHead>
            <SortHead className="c2" sort="name" search={search}>
              Run
            </SortHead>
            <th className="c10" scope="col">
              Latest
            </th>
            <th className="c3" scope="col">
              Executor
            </th>
            <th className="c4" scope="col">
              Phases
            </th>
            <th className="c5 num" scope="col">
              Tokens
            </th>
            <th className="c6 num" scope="col">
              CPU
            </th>
            <th className="c7" scope="col">
              Owner
            </th>
            <SortHead className="c8" sort="started" search={search}>
              Started
            </SortHead>
            <th className="c9 num" scope="col">
              Elapsed
            </th>
          </tr>
        </thead>
        <tbody className="hov" ref={body}>
          {runs.map((run) => (
            <RunRow
              key={run.run_id}
              run={run}
              actionable={actionable.has(run.run_id)}
              selected={run.run_id === selected}
              executorLink={`/runs${withParameters(search, { executor: run.executor.name })}`}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function SortHead({ sort, search, className, children }: { sort: Sort; search: URLSearchParams; className: string; children: string }) {
  const current = (search.get('sort') ?? 'started') === sort
  // Newest first; names and states the way they are read.
  const direction = sort === 'started' ? 'descending' : 'ascending'
  return (
    <th className={className} scope="col" aria-sort={current ? direction : undefined}>
      <Link to={`/runs${withParameters(search, { sort: sort === 'started' ? null : sort })}`}>
        {children} {current && <Icon name={direction === 'descending' ? 'arrow-d' : 'arrow-u'} />}
      </Link>
    </th>
  )
}
