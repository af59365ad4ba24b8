/**
 * How certain the page may be of what it shows. The stream speaks at least every `heartbeatMs`; what is overdue beyond that, or the
 * time since the stream broke, is the age of the page's knowledge. Older than `staleAfterMs`: stale, and nobody approves.
 */
import { heartbeatMs } from '@autopack/contract/events'
import { useSyncExternalStore } from 'react'
import { useBrowserNow } from './server-clock.ts'

export const staleAfterMs = 10_000

export type StreamFacts = {
  open: boolean
  /** Browser's clock (ms): the last byte of the stream. Null: never heard. */
  heardAtMs: number | null
  /** Browser's clock (ms): when the stream broke, or the page opened. */
  closedAtMs: number
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
  if (facts.open && facts.heardAtMs !== null) {
    const silentMs = Math.max(0, nowMs - facts.heardAtMs)
    const stale = silentMs > heartbeatMs + staleAfterMs
    return { state: stale ? 'stale' : 'live', ageMs: silentMs, fresh: !stale }
  }
  const ageMs = Math.max(0, nowMs - facts.closedAtMs)
  if (ageMs > staleAfterMs || facts.unreachable) {
    return { state: facts.unreachable ? 'offline' : 'stale', ageMs, fresh: facts.heardAtMs !== null && ageMs <= staleAfterMs }
  }
  return { state: 'connecting', ageMs, fresh: facts.heardAtMs !== null }
}

let facts: StreamFacts = { open: false, heardAtMs: null, closedAtMs: Date.now(), unreachable: false }
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
  // Failed attempts to come back do not make the page any younger.
  change({ open: false, unreachable, closedAtMs: facts.open ? Date.now() : facts.closedAtMs })
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
