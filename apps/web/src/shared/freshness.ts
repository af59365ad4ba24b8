/**
 * How certain the page may be of what it shows. The stream speaks every few seconds even when nothing happens, so the time since its
 * last byte is the age of the page's knowledge, whether it is still open or not. Older than `staleAfterMs`: stale, and nobody approves.
 */
import { useSyncExternalStore } from 'react'
import { useBrowserNow } from './server-clock.ts'

export const staleAfterMs = 10_000

export type StreamFacts = {
  open: boolean
  /** Browser's clock (ms): the last byte of the stream. Null: never heard. */
  heardAtMs: number | null
  /** Browser's clock (ms): when the page opened, for as long as it has heard nothing. */
  openedAtMs: number
  /** The last attempt to connect found nobody. */
  unreachable: boolean
}

export type Freshness = {
  state: 'live' | 'connecting' | 'stale' | 'offline'
  /** How long the page has known nothing new for certain. */
  ageMs: number
  /** Only then may an approval be signed. */
  fresh: boolean
}

/** Pure: what the facts mean at `nowMs` (browser's clock). */
export function toFreshness(facts: StreamFacts, nowMs: number): Freshness {
  const ageMs = Math.max(0, nowMs - (facts.heardAtMs ?? facts.openedAtMs))
  const old = ageMs > staleAfterMs
  const fresh = facts.heardAtMs !== null && !old
  if (facts.unreachable) return { state: 'offline', ageMs, fresh }
  if (old) return { state: 'stale', ageMs, fresh }
  return { state: facts.open && facts.heardAtMs !== null ? 'live' : 'connecting', ageMs, fresh }
}

let facts: StreamFacts = { open: false, heardAtMs: null, openedAtMs: Date.now(), unreachable: false }
const listeners = new Set<() => void>()

function change(next: Partial<StreamFacts>): void {
  facts = { ...facts, ...next }
  for (const listener of listeners) listener()
}

/** Only the event stream calls these two. */
export function recordStreamHeard(): void {
  change({ open: true, heardAtMs: Date.now(), unreachable: false })
}

export function recordStreamClosed(unreachable: boolean): void {
  // Neither a cut nor a failed attempt to come back makes the page any younger.
  change({ open: false, unreachable })
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The page's freshness, renewed once a second and with every message of the stream. */
export function useFreshness(): Freshness {
  const current = useSyncExternalStore(subscribe, () => facts)
  return toFreshness(current, useBrowserNow())
}
