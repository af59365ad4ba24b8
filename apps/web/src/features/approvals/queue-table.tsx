import type { WaitingItem } from '@autopack/contract/approvals'
import { Fragment, useRef, useState } from 'react'
import { useNavigate } from 'react-router'
import { useKeys } from '../../shared/keyboard.ts'
import { useQueueGroups, type QueueGroup } from './queue-groups.ts'
import { QueueRow } from './queue-row.tsx'

/** `gone`: it no longer waits; the row stays where it was. `braked`: a brake keeps it from being approved. */
export type QueueItem = { item: WaitingItem; actionable: boolean; gone: boolean; braked: boolean }

type Props = {
  listKey: string
  rows: readonly QueueItem[]
  decided: boolean
  /** With headings for who has to act. */
  grouped: boolean
  /** Null: this person may not reject, so there is nothing to select for. */
  selection: { has: (id: string) => boolean; toggle: (id: string) => void; clear: () => void } | null
}

const groupWords: Record<QueueGroup, string> = { you: 'Needs you', others: 'Waiting for others', executor: 'Back at its executor' }
const brakedWords = 'Yours to reject; a brake stops the rest'

/** Rows of two lines: what it wants, then risk, who and the seal. Each opens its page; nothing can be approved from here. */
export function QueueTable({ listKey, rows, decided, grouped, selection }: Props) {
  const [at, setAt] = useState<string | null>(null)
  const table = useRef<HTMLTableElement>(null)
  const navigate = useNavigate()
  const groups = useQueueGroups(listKey, rows)
  const shown = grouped ? groups.flatMap((group) => group.rows) : rows
  const place = shown.findIndex((row) => row.item.approval_ref.id === at)
  const move = (by: number) => {
    const next = Math.min(shown.length - 1, Math.max(0, place + by))
    setAt(shown[next]?.item.approval_ref.id ?? null)
    table.current?.querySelectorAll<HTMLElement>('a.q-open')[next]?.focus()
  }
  useKeys([
    { keys: 'j', does: 'next row', run: () => move(1) },
    { keys: 'k', does: 'previous row', run: () => move(-1) },
    { keys: 'Enter', does: 'open the row', run: () => at !== null && place !== -1 && void navigate(`/approvals/${at}`) },
    ...(selection === null
      ? []
      : [
          { keys: 'x', does: 'select the row, to reject it with others', run: () => at !== null && place !== -1 && selection.toggle(at) },
          { keys: 'Escape', does: 'clear the selection', run: selection.clear },
        ]),
  ])
  const draw = (row: QueueItem) => (
    <QueueRow
      key={row.item.approval_ref.id}
      row={row}
      decided={decided}
      selected={selection?.has(row.item.approval_ref.id) ?? false}
      onSelect={selection === null ? null : () => selection.toggle(row.item.approval_ref.id)}
      onFocus={() => setAt(row.item.approval_ref.id)}
    />
  )
  return (
    <div className="tablewrap">
      <table className="t queue" ref={table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">{selection === null ? 'State' : 'Select, and state'}</span>
            </th>
            <th scope="col">Wants to</th>
            <th scope="col" className="num">
              {decided ? 'Cost' : 'Leaves'}
            </th>
            <th scope="col">{decided ? 'Outcome' : 'Decide by'}</th>
          </tr>
        </thead>
        {grouped ? (
          groups.map(({ group, rows: members }) => (
            <tbody className="hov" key={group}>
              <tr className="group">
                <th scope="rowgroup" colSpan={4}>
                  {group === 'you' && members.every((row) => row.braked) ? brakedWords : groupWords[group]}{' '}
                  <span className="faint tn">{members.length}</span>
                </th>
              </tr>
              {members.map((row) => (
                <Fragment key={row.item.approval_ref.id}>{draw(row)}</Fragment>
              ))}
            </tbody>
          ))
        ) : (
          <tbody className="hov">{shown.map(draw)}</tbody>
        )}
      </table>
    </div>
  )
}
