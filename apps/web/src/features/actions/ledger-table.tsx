import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'
import { Icon } from '../../shared/icon.tsx'
import { useKeys } from '../../shared/keyboard.ts'
import { useSession } from '../../shared/session.ts'
import { LedgerRow } from './ledger-row.tsx'

type Props = {
  actions: readonly ExternalActionSummary[]
  actionable: ReadonlySet<string>
  /** Which row is marked; null: none. */
  selected: string | null
  onSelect: (id: string | null) => void
  /** Rows of the filter before, while the next are being read. */
  fading: boolean
}

/** The rows in the order they are given; `j` and `k` move a selection, Enter opens it. */
export function LedgerTable({ actions, actionable, selected, onSelect, fading }: Props) {
  const navigate = useNavigate()
  const { operator } = useSession()
  const body = useRef<HTMLTableSectionElement>(null)
  const moved = useRef(false)
  const place = actions.findIndex((action) => action.action_id === selected)

  function move(step: number): void {
    const next = actions[Math.min(actions.length - 1, Math.max(0, place === -1 ? (step > 0 ? 0 : actions.length - 1) : place + step))]
    moved.current = true
    if (next) onSelect(next.action_id)
  }
  useKeys([
    { keys: 'j', does: 'next action', run: () => move(1) },
    { keys: 'k', does: 'previous action', run: () => move(-1) },
    { keys: 'Enter', does: 'open the selected action', run: () => selected !== null && place !== -1 && void navigate(`/actions/${selected}`) },
    { keys: 'Escape', does: 'select nothing', run: () => onSelect(null) },
  ])
  useEffect(() => {
    if (selected === null || !moved.current) return
    body.current?.querySelector(`[data-action="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: 'nearest' })
  }, [selected])

  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
    <div className="tablewrap" tabIndex={0} role="region" aria-label="Actions" data-fading={fading || undefined}>
      <table className="t fixed ledger">
        <thead>
          <tr>
            <th className="c1" scope="col">
              State
            </th>
            <th className="c2" scope="col">
              What
            </th>
            <th className="c3" scope="col">
              Target
            </th>
            <th className="c4 num" scope="col">
              Leaves
            </th>
            <th className="c5" scope="col">
              Executor, run
            </th>
            <th className="c6" scope="col">
              Decided by
            </th>
            <th className="c7" scope="col">
              Observed
            </th>
            <th className="c8" scope="col">
              Undo
            </th>
            <th className="c9 num" scope="col" aria-sort="descending">
              Proposed <Icon name="arrow-d" />
            </th>
          </tr>
        </thead>
        <tbody className="hov" ref={body}>
          {actions.map((action) => (
            <LedgerRow
              key={action.action_id}
              action={action}
              actionable={actionable.has(action.action_id)}
              ownId={operator.operator_id}
              selected={action.action_id === selected}
              onSelect={() => onSelect(action.action_id)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}
