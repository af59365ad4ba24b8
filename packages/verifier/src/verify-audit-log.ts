import { createHash } from 'node:crypto'
import { toCanonicalEvent } from './canonical-event.ts'

export type AuditVerdict =
  | { ok: true; count: number; head: string }
  | { ok: false; seq: number; reason: 'changed' | 'missing' | 'inserted' | 'reordered' | 'malformed'; detail: string }

type Entry = { seq: number; prev: string; hash: string; event: Record<string, unknown> }

const firstPrev = '0'.repeat(64)

/**
 * Verifies an exported audit log, one JSON object a line: `{"seq","prev","hash","event"}`, oldest first, from seq 1.
 * `hash = SHA-256(0x01 ‖ seq, 8 bytes big-endian ‖ prev, 32 bytes ‖ canonical(event))`; the first prev is 64 zeros.
 * Says at which seq the log stops being what was written, and how it differs. Reads line by line: memory does not grow with the log.
 * A log cut off at its end still verifies: compare `count` and `head` with a checkpoint kept elsewhere.
 */
export async function verifyAuditLog(lines: AsyncIterable<string> | Iterable<string>): Promise<AuditVerdict> {
  let expectedSeq = 1
  let head = firstPrev
  let gap: { seq: number; seenSeq: number } | null = null
  for await (const line of lines) {
    if (line === '') continue
    const read = readEntry(line)
    if (typeof read === 'string') return { ok: false, seq: gap?.seq ?? expectedSeq, reason: 'malformed', detail: read }
    if (gap !== null) {
      // The missing event turning up later is what tells a swap from a deletion.
      if (read.seq === gap.seq) return toReordered(gap.seq, gap.seenSeq)
      continue
    }
    if (read.seq > expectedSeq) {
      gap = { seq: expectedSeq, seenSeq: read.seq }
      continue
    }
    if (read.seq < expectedSeq) {
      const detail = `a second event with seq ${read.seq} stands where seq ${expectedSeq} belongs`
      return { ok: false, seq: read.seq, reason: 'inserted', detail }
    }
    if (read.prev !== head) {
      const detail = 'its prev is not the hash of the event before it: this event or one before it was replaced'
      return { ok: false, seq: read.seq, reason: 'changed', detail }
    }
    const hash = hashEntry(read)
    if (hash === null) return { ok: false, seq: read.seq, reason: 'malformed', detail: 'its event has no canonical form' }
    if (hash !== read.hash) return { ok: false, seq: read.seq, reason: 'changed', detail: 'its content does not have the hash that was recorded' }
    head = hash
    expectedSeq += 1
  }
  if (gap === null) return { ok: true, count: expectedSeq - 1, head }
  const detail = `seq ${gap.seenSeq} follows seq ${gap.seq - 1}: ${gap.seenSeq - gap.seq} missing`
  return { ok: false, seq: gap.seq, reason: 'missing', detail }
}

function toReordered(seq: number, seenSeq: number): AuditVerdict {
  return { ok: false, seq, reason: 'reordered', detail: `seq ${seenSeq} stands before it` }
}

function hashEntry(entry: Entry): string | null {
  const prefix = Buffer.alloc(41)
  prefix[0] = 0x01
  prefix.writeBigUInt64BE(BigInt(entry.seq), 1)
  prefix.write(entry.prev, 9, 'hex')
  let canonical: string
  try {
    canonical = toCanonicalEvent(entry.event)
  } catch {
    return null
  }
  return createHash('sha256').update(prefix).update(canonical, 'utf8').digest('hex')
}

/** The entry of a line, or what is wrong with the line. */
function readEntry(line: string): Entry | string {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return 'the line is not JSON'
  }
  if (!isObject(value)) return 'the line is not an object'
  if (Object.keys(value).toSorted().join() !== 'event,hash,prev,seq') return 'the line must hold exactly seq, prev, hash and event'
  const { seq, prev, hash, event } = value
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1) return 'seq is not an integer from 1'
  if (!isHash(prev)) return 'prev is not 64 lower-case hex digits'
  if (!isHash(hash)) return 'hash is not 64 lower-case hex digits'
  if (!isObject(event)) return 'event is not an object'
  // Two keys of the same name would let two readers see two events behind one hash.
  const outsideStrings = line.replace(/"(?:[^"\\]|\\.)*"/g, '')
  if (countMembers(value) !== outsideStrings.split(':').length - 1) return 'a key appears twice, or the event is nested too deep'
  if (/\.|[0-9][eE]/.test(outsideStrings)) return 'a number is not written as an integer'
  return { seq, prev, hash, event }
}

function countMembers(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 0
  if (depth > 66) return Number.NaN
  const children: unknown[] = Object.values(value)
  return children.reduce<number>((sum, child) => sum + countMembers(child, depth + 1), Array.isArray(value) ? 0 : children.length)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}
