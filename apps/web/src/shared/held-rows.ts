import { useState } from 'react'

/** A row as it is shown; `gone`: the newest answer no longer holds it, so this is how it last was. */
export type HeldRow<T> = { item: T; gone: boolean }
export type HeldRows<T> = {
  rows: HeldRow<T>[]
  /** How many rows of the newest answer are not on screen. */
  arrived: number
  /** Nothing arrived, and yet the newest answer looks different: rows left, or stand in another order. */
  moved: boolean
}

type Reading<T> = {
  toId: (item: T) => string
  /** Answers may overtake each other: an item of an older version never replaces a newer one. */
  toVersion?: (item: T) => number
}

/**
 * The newest answer in the order that is on screen: known rows are renewed in place, rows that left stay where they were, and rows that
 * arrived are only counted. Nothing moves under the pointer. An empty screen takes everything at once: there is nothing to move.
 */
export function mergeHeldRows<T>(held: readonly T[], newest: readonly T[], { toId, toVersion }: Reading<T>): HeldRows<T> {
  if (held.length === 0) return { rows: newest.map((item) => ({ item, gone: false })), arrived: 0, moved: false }
  const byId = new Map(newest.map((item) => [toId(item), item]))
  const known = new Set(held.map(toId))
  const rows = held.map((item) => {
    const renewed = byId.get(toId(item))
    if (renewed === undefined) return { item, gone: true }
    return { item: toVersion !== undefined && toVersion(renewed) < toVersion(item) ? item : renewed, gone: false }
  })
  const arrived = newest.filter((item) => !known.has(toId(item))).length
  const now = held.map(toId).filter((id) => byId.has(id))
  const next = newest.map(toId).filter((id) => known.has(id))
  const moved = arrived === 0 && (now.length < held.length || next.some((id, place) => id !== now[place]))
  return { rows, arrived, moved }
}

/**
 * Holds the order of a list until the operator asks for the new one. `listKey` names the list: another one starts afresh, or with
 * `keepWhileReading` once its first answer (`newest`) is here.
 */
export function useHeldRows<T>(
  listKey: string,
  newest: readonly T[] | undefined,
  { keepWhileReading = false, ...reading }: Reading<T> & { keepWhileReading?: boolean },
): HeldRows<T> & { adopt: () => void } {
  const [held, setHeld] = useState<{ listKey: string; items: readonly T[] }>({ listKey, items: [] })
  const current = held.listKey === listKey || (keepWhileReading && newest === undefined) ? held.items : []
  const merged = mergeHeldRows(current, newest ?? (keepWhileReading ? current : []), reading)
  const items = merged.rows.map((row) => row.item)
  if (newest !== undefined && (held.listKey !== listKey || items.length !== current.length || items.some((item, place) => item !== current[place]))) {
    setHeld({ listKey, items })
  }
  return { ...merged, adopt: () => setHeld({ listKey, items: newest ?? [] }) }
}
