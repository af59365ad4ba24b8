/**
 * What this browser knows of the log by itself: the last check, the newest checkpoint that held, and the keys that signed. The console does
 * not have it; whoever can run code in its pages could write it.
 */
import { useSyncExternalStore } from 'react'
import { timestampSchema, sha256Schema } from '@autopack/contract/primitives'
import * as z from 'zod/mini'

const lastCheckSchema = z.strictObject({
  at: timestampSchema,
  tookMs: z.int(),
  ok: z.boolean(),
  /** How many events held. */
  count: z.int(),
  /** How many of them a checkpoint covers. */
  signed: z.optional(z.int()),
  head: z.nullable(sha256Schema),
  /** Where it does not hold; null: it holds, or nothing says where. */
  seq: z.nullable(z.int()),
  /** How many checkpoints it was held against. */
  checkpoints: z.int(),
  /** Whose word the keys were that it was held against. */
  keys: z.enum(['reader', 'browser', 'console']),
})
const knownSchema = z.strictObject({
  last: lastCheckSchema,
  /** The note of the largest checkpoint that held, the keys that signed those that did, and how they follow from each other. */
  note: z.nullable(z.string()),
  keys: z.array(z.string()),
  rotations: z.array(z.string()),
  /** Since when it believes these keys. */
  since: timestampSchema,
})
export type LastCheck = z.infer<typeof lastCheckSchema>
export type KnownLog = z.infer<typeof knownSchema>

const storageKey = 'audit-known'
const listeners = new Set<() => void>()
let held: { text: string | null; known: KnownLog | null } = { text: null, known: null }
/** False: the storage took nothing, and what stands there is older than what is known. */
let isStored = true

/** Null: this browser has checked nothing yet, or keeps nothing. */
export function readKnownLog(): KnownLog | null {
  if (!isStored) return held.known
  let text: string | null = null
  try {
    text = localStorage.getItem(storageKey)
  } catch {
    return held.known
  }
  if (text !== held.text) held = { text, known: parse(text) }
  return held.known
}

function parse(text: string | null): KnownLog | null {
  try {
    const read = z.safeParse(knownSchema, JSON.parse(text ?? 'null'))
    return read.success ? read.data : null
  } catch {
    return null
  }
}

/** Null forgets. */
export function keepKnownLog(known: KnownLog | null): void {
  held = { text: known === null ? null : JSON.stringify(known), known }
  try {
    if (held.text === null) localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, held.text)
    isStored = true
  } catch {
    isStored = false
    // Without storage it is known as long as the page.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  // Another tab of this browser may have checked.
  addEventListener('storage', listener)
  return () => {
    listeners.delete(listener)
    removeEventListener('storage', listener)
  }
}

export function useKnownLog(): KnownLog | null {
  return useSyncExternalStore(subscribe, readKnownLog)
}
