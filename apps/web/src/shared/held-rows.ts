import { useState } from 'react'

/** A row as it is shown; `gone`: the newest answer no longer holds it, so this is how it last was. */
export type HeldRow<T> = { item: T; gone: boolean }
export type HeldRows<T> = { rows: HeldRow<T>[]; arrived: number }

/**
 * The newest answer in the order that is on screen: known rows are renewed in place, rows that left stay where they were, and rows that
 * arrived are only counted. Nothing moves under the pointer. An empty screen takes everything at once: there is nothing to move.
 */
export function mergeHeldRows<T>(held: readonly T[], newest: readonly T[], toId: (item: T) => string): HeldRows<T> {
  if (held.length === 0) return { rows: newest.map((item) => ({ item, gone: false })), arrived: 0 }
  const byId = new Map(newest.map((item) => [toId(item), item]))
  const known = new Set(held.map(toId))
  const rows = held.map((item) => ({ item: byId.get(toId(item)) ?? item, gone: !byId.has(toId(item)) }))
  return { rows, arrived: newest.filter((item) => !known.has(toId(item))).length }
}

/** Holds the order of a list until the operator asks for the new one. `listKey` names the list: another one starts afresh. */
export function useHeldRows<T>(listKey: string, newest: readonly T[] | undefined, toId: (item: T) => string): HeldRows<T> & { adopt: () => void } {
  const [held, setHeld] = useState<{ listKey: string; items: readonly T[] }>({ listKey, items: [] })
  const current = held.listKey === listKey ? held.items : []
  const merged = mergeHeldRows(current, newest ?? [], toId)
  const items = merged.rows.map((row) => row.item)
  if (newest !== undefined && (held.listKey !== listKey || items.length !== current.length || items.some((item, place) => item !== current[place]))) {
    setHeld({ listKey, items })
  }
  return { ...merged, adopt: () => setHeld({ listKey, items: newest ?? [] }) }
}
