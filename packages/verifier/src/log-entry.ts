import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { toCanonicalEvent } from './canonical-event.ts'
import type { Sha256 } from './merkle-tree.ts'
import { readJson } from './read-json.ts'

/** One entry of the log: its event as canonical text. Hashes are 64 lower-case hex digits. */
export type LogEntry = { seq: number; prev: string; hash: string; event: string }

/** The `prev` of the first entry. */
export const firstPrev = '0'.repeat(64)

/** How the log is exported: then the event can be hashed as it stands, once it is known to be canonical. */
const exported = /^\{"seq":([1-9][0-9]{0,15}),"prev":"([0-9a-f]{64})","hash":"([0-9a-f]{64})","event":(\{.*\})\}$/

/** The entry of a line of an exported log, or in a sentence what is wrong with it. */
export function readLogEntry(line: string): LogEntry | string {
  const parts = exported.exec(line)
  if (parts !== null && isCanonicalText(parts[4]!)) {
    const seq = Number(parts[1])
    if (Number.isSafeInteger(seq)) return { seq, prev: parts[2]!, hash: parts[3]!, event: parts[4]! }
  }
  return readOtherForm(line)
}

/** The hash that an entry should have, in hex. */
export function hashLogEntry({ seq, prev, event }: Omit<LogEntry, 'hash'>, sha256: Sha256): string {
  const most = 41 + event.length * 3
  if (buffer.length < most) buffer = new Uint8Array(most * 2)
  new DataView(buffer.buffer).setBigUint64(1, BigInt(seq))
  buffer[0] = 0x01
  buffer.set(hexToBytes(prev), 9)
  const { written } = encoder.encodeInto(event, buffer.subarray(41))
  return bytesToHex(sha256(buffer.subarray(0, 41 + written)))
}

const encoder = new TextEncoder()
let buffer = new Uint8Array(16_384)

/**
 * Whether an object is written canonically, by the engine's own JSON, which is fast. It may only say no where it is not sure: an escape that
 * V8 may misread, half of a surrogate pair, a number that JSON rounds.
 */
function isCanonicalText(text: string): boolean {
  if (text.includes('\\ud') || text.includes('\\uD')) return false
  try {
    const value: unknown = JSON.parse(text)
    return isSorted(value, 0) && JSON.stringify(value) === text && text.isWellFormed()
  } catch {
    return false
  }
}

function isSorted(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return Number.isSafeInteger(value)
  if (typeof value !== 'object' || value === null) return true
  if (depth >= 64) return false
  if (Array.isArray(value)) return value.every((item) => isSorted(item, depth + 1))
  let before: string | null = null
  for (const key in value) {
    if ((before !== null && key <= before) || !isSorted((value as Record<string, unknown>)[key], depth + 1)) return false
    before = key
  }
  return true
}

function readOtherForm(line: string): LogEntry | string {
  let value: unknown
  try {
    value = readJson(line, 66)
  } catch (error) {
    return `the line is not JSON: ${(error as Error).message}`
  }
  if (!isObject(value)) return 'the line is not an object'
  if (Object.keys(value).toSorted().join() !== 'event,hash,prev,seq') return 'the line must hold exactly seq, prev, hash and event'
  const { seq, prev, hash, event } = value
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return 'seq is not an integer from 1'
  if (!isHash(prev)) return 'prev is not 64 lower-case hex digits'
  if (!isHash(hash)) return 'hash is not 64 lower-case hex digits'
  if (!isObject(event)) return 'event is not an object'
  try {
    return { seq, prev, hash, event: toCanonicalEvent(event) }
  } catch (error) {
    return `its event has no canonical form: ${(error as Error).message}`
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
