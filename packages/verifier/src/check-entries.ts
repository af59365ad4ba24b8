import { sha256 } from '@noble/hashes/sha2.js'
import { toCanonicalEvent } from './canonical-event.ts'
import { hashLogEntry } from './log-entry.ts'
import { readJson } from './read-json.ts'
import type { Check, ReadEntry } from './receipt-check.ts'

/** Every entry of the log has the hash of its content, and its event is canonical. */
export const checkEntries: Check<never, 'entries'> = ({ audit }) => {
  const entries: ReadEntry[] = []
  for (const [place, entry] of audit.entries()) {
    const where = `audit[${place}]`
    const read = readEvent(entry.event)
    if (read === null) return { where: `${where}.event`, detail: 'it is no object in its canonical form' }
    if (hashLogEntry(entry, sha256) !== entry.hash) return { where: `${where}.hash`, detail: `the content of entry ${entry.seq} has another hash` }
    entries.push({ ...entry, read, where })
  }
  return { entries }
}

function readEvent(text: string): Record<string, unknown> | null {
  try {
    const value = readJson(text, 64)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && toCanonicalEvent(value) === text ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}
