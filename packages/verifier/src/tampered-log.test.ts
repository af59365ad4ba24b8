import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { chain, hashEntry, makeCheckpoint, makeCheckpoints, makeNoteKey, signNote, toLines } from '../vectors/make-log.ts'
import type { MadeEntry } from '../vectors/make-log.ts'
import { believeCheckpoints } from './checkpoint.ts'
import type { BelievedCheckpoint } from './checkpoint.ts'
import { LogCheck, logStart } from './log-check.ts'
import type { LogFault, LogState } from './log-check.ts'
import { readLogEntry } from './log-entry.ts'
import type { LogEntry } from './log-entry.ts'
import { verifyAuditLog } from './verify-audit-log.ts'

/** Every place of this log is tampered with in every way; each check goes on from the state before the place. */
const count = 10_000
const every = 40
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
const key = makeNoteKey()
const toEvent = (number: number) => ({ event_type: 'external_action.approved', number, reason: `«${number}»`, approved_by: ['op_1'] })

let log: MadeEntry[]
let entries: LogEntry[]
let checkpoints: BelievedCheckpoint[]
let check: LogCheck
/** `states[n]`: after n entries. */
let states: LogState[]

beforeAll(async () => {
  log = chain(Array.from({ length: count }, (_, place) => toEvent(place)))
  entries = toLines(log).map((line) => readLogEntry(line) as LogEntry)
  const sizes = Array.from({ length: count / every }, (_, place) => (place + 1) * every)
  const notes = makeCheckpoints(log, sizes, [key])
  checkpoints = await believeCheckpoints(notes, { trusted: [key.verifierKey], stated: [], rotations: [] })
  check = new LogCheck(checkpoints, sha256)
  states = [logStart]
  for (const entry of entries) states.push(take(states.at(-1)!, entry) as LogState)
}, 60_000)

function take(state: LogState, entry: LogEntry): LogState | LogFault {
  const taken = check.take(state, entry)
  return 'fault' in taken ? taken.fault : taken.state
}

/** What is found when these entries follow the first `from` of the log. */
function findFault(from: number, following: Iterable<LogEntry>): LogFault | null {
  let state = states[from]!
  for (const entry of following) {
    const taken = check.take(state, entry)
    if ('fault' in taken) return taken.fault
    state = taken.state
  }
  return check.end(state)
}

function* rest(from: number, ...first: LogEntry[]): Generator<LogEntry> {
  yield* first
  for (let place = from; place < count; place += 1) yield entries[place]!
}

describe('a log of 10,000 events, tampered with at every place', () => {
  it('holds as it is, against 250 checkpoints', () => {
    expect(check.end(states[count]!)).toBeNull()
    expect(states[count]).toMatchObject({ count, passed: count / every, head: log.at(-1)!.hash })
  })

  it('names the event whose content was changed', () => {
    for (let place = 0; place < count; place += 1) {
      const entry = entries[place]!
      const changed = { ...entry, event: entry.event.replace('op_1', 'op_2') }
      expect(findFault(place, rest(place + 1, changed))).toMatchObject({ reason: 'changed', seq: place + 1 })
    }
  })

  it('names the first event that was deleted', () => {
    // Up to the last: without it the log is cut.
    for (let place = 0; place < count - 1; place += 1) {
      expect(findFault(place, rest(place + 1))).toMatchObject({ reason: 'missing', seq: place + 1 })
    }
  })

  it('names the event that was inserted, also one with a hash of its own', () => {
    for (let place = 0; place < count; place += 1) {
      const before = states[place]!
      const event = toEvent(-1)
      const forged = { seq: place + 1, prev: before.head, hash: hashEntry(place + 1, before.head, event), event: canonicalize(event) }
      const fault = findFault(place, rest(place, forged))
      // At the size of a checkpoint the forged entry itself is not the one that was signed.
      if ((place + 1) % every === 0) expect(fault).toMatchObject({ reason: 'rewritten', until: place + 1 })
      else expect(fault).toMatchObject({ reason: 'inserted', seq: place + 1 })
      if (place > 0) expect(findFault(place, rest(place, entries[place - 1]!))).toMatchObject({ reason: 'inserted', seq: place })
    }
  })

  it('names the first of two events that were swapped, neighbours and others', () => {
    for (let place = 0; place < count - 1; place += 1) {
      for (const other of new Set([place + 1, Math.min(count - 1, place + 1 + ((place * 7_919) % 500))])) {
        const swapped = (function* () {
          for (let at = place; at < count; at += 1) yield at === place ? entries[other]! : at === other ? entries[place]! : entries[at]!
        })()
        expect(findFault(place, swapped)).toMatchObject({ reason: 'reordered', seq: place + 1 })
      }
    }
  })

  it('names the end of a log that was cut, wherever it was', () => {
    for (let place = 0; place < count; place += 1) {
      const next = (Math.floor(place / every) + 1) * every
      expect(findFault(place, [])).toMatchObject({ reason: 'cut', seq: place + 1, until: next })
    }
  })

  it('says that two checkpoints of one size disagree, from the last smaller one on, whichever of them comes first', async () => {
    const other = { ...checkpoints[1]!, head: checkpoints[2]!.head }
    for (const pair of [
      [checkpoints[1]!, other],
      [other, checkpoints[1]!],
    ]) {
      // prettier-ignore
      const both = new LogCheck([checkpoints[0]!, ...pair], sha256)
      let taken: ReturnType<LogCheck['take']> = { state: logStart }
      for (const entry of entries.slice(0, 2 * every)) taken = both.take((taken as { state: LogState }).state, entry)
      expect(taken).toEqual({
        fault: {
          reason: 'rewritten',
          seq: every + 1,
          until: 2 * every,
          detail: expect.stringContaining(`two checkpoints of size ${2 * every} disagree`),
        },
      })
    }
  })

  it('names the checkpoints between which it was written anew, an event changed and everything after it hashed again', () => {
    for (let place = 0; place < count; place += 1) {
      const next = (Math.floor(place / every) + 1) * every
      const forged = chainAnew(place, next)
      expect(findFault(place, forged)).toMatchObject({ reason: 'rewritten', seq: next - every + 1, until: next })
    }
  }, 60_000)

  /** The entries from `place` up to a size, of which the first was changed. */
  function* chainAnew(place: number, upTo: number): Generator<LogEntry> {
    let prev = states[place]!.head
    for (let at = place; at < upTo; at += 1) {
      const { seq, event } = entries[at]!
      const text = at === place ? event.replace('op_1', 'op_2') : event
      const bytes = Buffer.alloc(41)
      bytes[0] = 1
      bytes.writeBigUInt64BE(BigInt(seq), 1)
      bytes.write(prev, 9, 'hex')
      const hash = sha256(Buffer.concat([bytes, Buffer.from(text)])).toString('hex')
      yield { seq, prev, hash, event: text }
      prev = hash
    }
  }
})

describe('a log that was written anew as a whole', () => {
  const forge = () => chain(log.map(({ event }, place) => (place === 0 ? toEvent(-1) : event)))

  it('holds in itself, and not against one checkpoint at its end', async () => {
    const lines = toLines(forge())
    expect(await verifyAuditLog(lines)).toMatchObject({ ok: true, count })
    const options = { checkpoints: [makeCheckpoint(log, count, [key])], trustedKeys: [key.verifierKey] }
    expect(await verifyAuditLog(lines, options)).toMatchObject({ ok: false, reason: 'rewritten', seq: 1, until: count })
    expect(await verifyAuditLog(toLines(log), options)).toMatchObject({ ok: true, count, checkpoints: [{ size: count, trust: 'trusted' }] })
  })

  it('is refused when its own checkpoint was signed by a key that nobody trusts', async () => {
    const forged = forge()
    const other = makeNoteKey()
    const checkpoint = makeCheckpoint(forged, count, [other])
    const verdict = await verifyAuditLog(toLines(forged), { checkpoints: [checkpoint], trustedKeys: [key.verifierKey] })
    expect(verdict).toMatchObject({ ok: false, reason: 'checkpoint_key', seq: null })
  })

  it('is found by the root where the last entry is the one that was signed', async () => {
    const [first, ...others] = log.slice(0, 3)
    const note = makeCheckpoint([{ ...first!, hash: 'ab'.repeat(32) }, ...others], 3, [key])
    const verdict = await verifyAuditLog(toLines(log.slice(0, 3)), { checkpoints: [note], trustedKeys: [key.verifierKey] })
    expect(verdict).toMatchObject({ ok: false, reason: 'rewritten', until: 3 })
  })

  it('is found by the head where the root is the one that was signed', async () => {
    const small = log.slice(0, 3)
    const note = makeCheckpoint(small, 3, [key])
    const [origin, size, root] = note.split('\n')
    const lying = signNote(`${origin}\n${size}\n${root}\nhead ${'ab'.repeat(32)}\ntime 2026-11-23T12:00:00.000Z\n`, [key])
    const verdict = await verifyAuditLog(toLines(small), { checkpoints: [lying], trustedKeys: [key.verifierKey] })
    expect(verdict).toMatchObject({ ok: false, reason: 'rewritten', until: 3 })
  })
})

describe('a long check', () => {
  it('says how far it is, and can be stopped', async () => {
    const lines = toLines(log)
    const seen: number[] = []
    expect(await verifyAuditLog(lines, { onProgress: (done) => seen.push(done) })).toMatchObject({ ok: true })
    expect(seen.at(-1)).toBe(count)
    const controller = new AbortController()
    controller.abort(new Error('stopped'))
    const endless = (function* () {
      const slow = performance.now()
      for (const line of lines) {
        yield line
        while (performance.now() - slow < 60) void 0
      }
    })()
    await expect(verifyAuditLog(endless, { signal: controller.signal })).rejects.toThrow('stopped')
  })
})
