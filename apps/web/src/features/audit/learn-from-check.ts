import type { LogResult } from '../../shared/evidence/check-order.ts'
import type { KnownLog } from '../../shared/evidence/last-check.ts'
import type { Grounds } from './log-verdict.tsx'

type Held = Pick<Grounds, 'keys' | 'ofReader'> & { rotations: readonly string[] }

/**
 * What this browser remembers after a check of the console's log. Of keys and checkpoints only those that the check itself believed: what the
 * console merely states is forgotten with the page, or it could plant a key that every later check would trust.
 */
export function learnFromCheck(known: KnownLog | null, { verdict, newest, tookMs }: LogResult, held: Held, at: string): KnownLog | null {
  // What the reader brought was not believed: that says nothing about the log.
  if (!verdict.ok && verdict.reason === 'checkpoint_key' && (held.keys === 'reader' || held.ofReader > 0)) return known
  const last: KnownLog['last'] = verdict.ok
    ? { at, tookMs, ok: true, ...toExtent(verdict), head: verdict.head, seq: null, checkpoints: verdict.checkpoints.length, keys: held.keys }
    : { at, tookMs, ok: false, count: Math.max(0, (verdict.seq ?? 1) - 1), head: null, seq: verdict.seq, checkpoints: 0, keys: held.keys }
  if (!verdict.ok || newest === null) {
    return { last, note: known?.note ?? null, keys: known?.keys ?? [], rotations: known?.rotations ?? [], since: known?.since ?? at }
  }
  const signed = verdict.checkpoints.map(({ key }) => key)
  // Keys from the reader are better than those of a first check: they take their place.
  const goesOn = known !== null && held.keys === 'browser'
  return {
    last,
    note: newest,
    keys: [...new Set([...(goesOn ? known.keys : []), ...signed])],
    rotations: [...held.rotations],
    since: goesOn ? known.since : at,
  }
}

function toExtent({ count, checkpoints }: Extract<LogResult['verdict'], { ok: true }>): Pick<KnownLog['last'], 'count' | 'signed'> {
  const newest = checkpoints.at(-1)
  return newest === undefined ? { count } : { count, signed: newest.size }
}
