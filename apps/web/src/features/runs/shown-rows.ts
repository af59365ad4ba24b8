import type { RunSummary } from '@autopack/contract/runs'

export type ShownRows = {
  /** Which rows, in which order: only the operator changes it. */
  order: readonly string[]
  /** The newest that is known of every shown row. */
  known: ReadonlyMap<string, RunSummary>
}

/** Begins with what the server says. */
export function showRows(items: readonly RunSummary[]): ShownRows {
  return { order: items.map((run) => run.run_id), known: new Map(items.map((run) => [run.run_id, run])) }
}

/**
 * Takes a later answer without moving anything: rows that are shown get their newer version, rows that left the page stay as they
 * were. Answers may arrive out of order, so an older version never replaces a newer one.
 */
export function updateShownRows(shown: ShownRows, items: readonly RunSummary[]): ShownRows {
  const known = new Map(shown.known)
  for (const run of items) {
    const before = known.get(run.run_id)
    if (before && before.version <= run.version) known.set(run.run_id, run)
  }
  return { order: shown.order, known }
}

/** What the operator would see on asking: how many rows are new, and whether only the order differs. */
export function findWaitingChanges(shown: ShownRows, items: readonly RunSummary[]): { added: number; moved: boolean } {
  const added = items.filter((run) => !shown.known.has(run.run_id)).length
  const next = items.map((run) => run.run_id).filter((id) => shown.known.has(id))
  const here = new Set(next)
  const now = shown.order.filter((id) => here.has(id))
  return { added, moved: next.some((id, index) => id !== now[index]) || (added === 0 && now.length < shown.order.length) }
}
