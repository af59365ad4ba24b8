import type { WaitingItem } from '@autopack/contract/approvals'
import { useState } from 'react'

/** Who had to act when a row came on screen; decided rows have no groups. */
export type QueueGroup = 'you' | 'others' | 'executor'
type Grouped = { item: WaitingItem; actionable: boolean }

/**
 * Rows under who has to act, in the order they came. A row stays in the group it came in, whatever is decided meanwhile: nothing moves
 * under the pointer. `listKey` names the list; another one begins afresh.
 */
export function useQueueGroups<T extends Grouped>(listKey: string, rows: readonly T[]): { group: QueueGroup; rows: T[] }[] {
  const [held, setHeld] = useState<{ listKey: string; groups: ReadonlyMap<string, QueueGroup> }>({ listKey, groups: new Map() })
  const known = held.listKey === listKey ? held.groups : new Map<string, QueueGroup>()
  const groups = new Map(rows.map((row) => [row.item.approval_ref.id, known.get(row.item.approval_ref.id) ?? toGroup(row)]))
  if (held.listKey !== listKey || [...groups.keys()].some((id) => !known.has(id))) setHeld({ listKey, groups: new Map([...known, ...groups]) })
  return (['you', 'others', 'executor'] as const)
    .map((group) => ({ group, rows: rows.filter((row) => groups.get(row.item.approval_ref.id) === group) }))
    .filter((each) => each.rows.length > 0)
}

function toGroup({ item, actionable }: Grouped): QueueGroup {
  if (item.kind === 'external_action' && item.action.change_requested) return 'executor'
  return actionable ? 'you' : 'others'
}
