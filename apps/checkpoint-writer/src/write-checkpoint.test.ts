import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, rmdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readCheckpointNote } from '@autopack/checkpoint/checkpoint-note'
import { listNoteFiles, toNoteFileName } from '@autopack/checkpoint/note-files'
import { createPrivateKeyText, readPrivateKey } from '@autopack/checkpoint/note-keys'
import { signRotation } from '@autopack/checkpoint/rotation-note'
import { listSigners } from '@autopack/checkpoint/signed-note'
import { verifyAuditLog } from '@autopack/verifier/verify-audit-log'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acceptRestore } from './accept-restore.ts'
import { openControlPlane } from './control-plane.ts'
import { NoteExists, keepForGood, keptCheckpoints, removeOldCheckpoints, replaceFile, writeNote } from './note-folder.ts'
import { KeyDiffers, openFolder } from './open-folder.ts'
import { hashOf, openTestLog } from './test/open-test-log.ts'
import type { TestLog } from './test/open-test-log.ts'
import { firstRound, writeCheckpoint } from './write-checkpoint.ts'
import type { Round, Writer } from './write-checkpoint.ts'
import { emptyState, readState, writeState } from './writer-state.ts'
import type { WriterState } from './writer-state.ts'

const key = readPrivateKey(createPrivateKeyText('localhost:4600/audit'))!
let log: TestLog
let directory: string
let writer: Writer
let now = new Date('2026-11-23T10:00:00.000Z')
beforeEach(async () => {
  log = await openTestLog()
  directory = mkdtempSync(join(tmpdir(), 'checkpoints-'))
  now = new Date('2026-11-23T10:00:00.000Z')
  writer = { directory, key, controlPlane: openControlPlane(log.url, log.apiKey, new AbortController().signal), now: () => now }
})
afterEach(async () => {
  await log.close()
  rmSync(directory, { recursive: true })
})

const events = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => ({ event_type: 'x', payload_summary: `event ${from + index}` }))
const open = async (by = key): Promise<Round> => firstRound(await openFolder(directory, by))
/** Changes what the writer finds when it opens the folder. */
const setState = async (change: Partial<WriterState>): Promise<void> => {
  const { state, saved } = await openFolder(directory, key)
  await writeState(directory, { ...state, ...change }, [saved])
}
const notes = () => listNoteFiles(readdirSync(directory), 'checkpoint').map(({ name }) => readFileSync(join(directory, name), 'utf8'))
const newest = () => readCheckpointNote(notes().at(-1)!)!.checkpoint

/** RFC 9162, 2.1.1, word for word. */
function plainRoot(hashes: readonly string[]): Buffer {
  const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
  if (hashes.length === 1) return sha256(Buffer.from([0]), Buffer.from(hashes[0]!, 'hex'))
  let k = 1
  while (k * 2 < hashes.length) k *= 2
  return sha256(Buffer.from([1]), plainRoot(hashes.slice(0, k)), plainRoot(hashes.slice(k)))
}

describe('a log that grows', () => {
  test('is signed as it stands, its root over every entry, and handed over once', async () => {
    log.append(...events(300))
    let round = await writeCheckpoint(writer, await open())
    const { size, head, root, origin, time } = newest()
    expect({ size, head, origin, time }).toEqual({
      size: 300,
      head: log.entries[299]!.hash,
      origin: 'localhost:4600/audit',
      time: '2026-11-23T10:00:00.000Z',
    })
    expect(root).toEqual(plainRoot(log.entries.map(({ hash }) => hash)))
    expect(listSigners(readCheckpointNote(notes()[0]!)!.note, [key.verifierKey])).toHaveLength(1)
    expect(log.handedOver).toEqual([{ note: notes()[0], rotations: [] }])
    log.append(...events(4_000, 300))
    round = await writeCheckpoint(writer, round)
    expect(newest().size).toBe(4_300)
    expect(newest().root).toEqual(plainRoot(log.entries.map(({ hash }) => hash)))
    await writeCheckpoint(writer, round)
    expect([notes().length, log.handedOver.length]).toEqual([2, 2])
  })

  test('is signed again after an hour of silence; an empty one never', async () => {
    let round = await writeCheckpoint(writer, await open())
    expect(notes()).toEqual([])
    log.append(...events(1))
    round = await writeCheckpoint(writer, round)
    now = new Date(now.getTime() + 3_599_000)
    round = await writeCheckpoint(writer, round)
    expect(notes()).toHaveLength(1)
    now = new Date(now.getTime() + 1_000)
    await writeCheckpoint(writer, round)
    expect([notes().length, newest().size, newest().time]).toEqual([2, 1, '2026-11-23T11:00:00.000Z'])
  })

  test('is gone on with by the next start, which hands the newest note over again', async () => {
    log.append(...events(7))
    await writeCheckpoint(writer, await open())
    await writeCheckpoint(writer, await open())
    expect(log.handedOver.map(({ note }) => note)).toEqual([notes()[0], notes()[0]])
    log.append(...events(6, 7))
    await writeCheckpoint(writer, await open())
    expect([newest().size, newest().root]).toEqual([13, plainRoot(log.entries.map(({ hash }) => hash))])
  })

  test('is signed although the control plane refuses the note, and the note is handed over later', async () => {
    log.append(...events(3))
    log.answer = { status: 503, body: {} }
    const round = await open()
    await expect(writeCheckpoint(writer, round)).rejects.toThrow('the control plane answered 503')
    expect(newest().size).toBe(3)
    log.answer = { status: 200, body: { standing: 'holds', given_up: false } }
    await writeCheckpoint(writer, round)
    expect([notes().length, log.handedOver.length]).toEqual([1, 2])
  })
})

test('a log that differs is said and reported, also where the control plane does not take the note', async () => {
  log.append(...events(3))
  const round = await writeCheckpoint(writer, await open())
  log.entries.splice(0)
  log.append(...events(4, 9))
  log.answer = { status: 503, body: {} }
  await expect(writeCheckpoint(writer, round)).rejects.toMatchObject({ name: 'LogDiffers' })
  expect(log.problems.at(-1)).toContain('the log differs: entry 3 of the log is not the one that was read before')
})

describe('steady load', () => {
  test('is signed at twenty looks in a row, then at every twelfth, and at every look again after a rest', async () => {
    let round = await open()
    const signedIn = async (looks: number): Promise<number> => {
      const before = notes().length
      for (let look = 0; look < looks; look += 1) {
        log.append(...events(1, log.entries.length))
        round = await writeCheckpoint(writer, round)
      }
      return notes().length - before
    }
    expect(await signedIn(20)).toBe(20)
    const later = await signedIn(120)
    expect(later).toBeGreaterThanOrEqual(10)
    expect(later).toBeLessThanOrEqual(13)
    await writeCheckpoint(writer, round)
    for (let look = 0; look < 260; look += 1) round = await writeCheckpoint(writer, round)
    expect(newest().size).toBe(140)
    expect(await signedIn(10)).toBe(10)
  })
})

describe('every character', () => {
  test('from U+0000 to U+FFFF, and beyond, may stand in the log: it is signed, and both verifiers believe it', async () => {
    const all = Array.from({ length: 0xffff }, (_, at) => at + 1).filter((code) => code < 0xd800 || code > 0xdfff)
    const texts = Array.from({ length: Math.ceil(all.length / 4_096) }, (_, at) => String.fromCharCode(...all.slice(at * 4_096, (at + 1) * 4_096)))
    for (const text of [...texts, '\u{1f600}\u{10ffff}']) log.append({ event_type: 'x', payload_summary: text, [text.slice(0, 100)]: 'as a key' })
    // U+0000 is in no log: whoever appends refuses it.
    expect(() => log.append({ event_type: 'x', payload_summary: '\0' })).toThrow('The NUL character is not allowed')
    await writeCheckpoint(writer, await open())
    expect(newest().size).toBe(log.entries.length)
    const lines = log.entries.map(({ seq, prev, hash, event }) => `{"seq":${seq},"prev":"${prev}","hash":"${hash}","event":${event}}`)
    expect(await verifyAuditLog(lines, { checkpoints: notes(), trustedKeys: [key.verifierKey.text] })).toMatchObject({ ok: true })
    const [exported, note] = [join(directory, 'audit.ndjson'), join(directory, toNoteFileName('checkpoint', 1))]
    writeFileSync(exported, `${lines.join('\n')}\n`)
    const script = join(import.meta.dirname, '../../../docs/examples/verify_evidence.py')
    const python = spawnSync('python3', [script, exported, '--key', key.verifierKey.text, '--checkpoint', note], { encoding: 'utf8' })
    expect([python.status, python.stderr]).toEqual([0, ''])
  })
})

describe('a log that is not the one from before is never signed', () => {
  /** What an attacker, or a backup, may have made of ten entries of which all were signed. */
  const changes: [what: string, change: () => void, says: RegExp][] = [
    ['it was cut', () => log.entries.splice(6), /ends before entry 10/],
    ['it was cut and went on', () => (log.entries.splice(6), log.append(...events(9, 50))), /entry 10 of the log is not the one/],
    ['it was written anew', () => (log.entries.splice(0), log.append(...events(12, 90))), /entry 10 of the log is not the one/],
    [
      'it was written anew, as long as before',
      () => {
        log.entries.splice(0)
        log.append(...events(10, 90))
      },
      /entry 10 of the log is not the one/,
    ],
    ['it is empty', () => log.entries.splice(0), /ends before entry 10/],
    ['what follows does not follow', () => (log.append(...events(2)), (log.entries[10]!.prev = 'a'.repeat(64))), /entry 11 does not follow entry 10/],
    [
      'what follows has another hash',
      () => (log.append(...events(2)), (log.entries[10]!.event = '{"event_type":"y"}')),
      /entry 11 does not have the hash/,
    ],
    ['one is missing', () => (log.append(...events(3)), log.entries.splice(10, 1)), /entry 12 stands where entry 11 belongs/],
    [
      'an event is not canonical',
      () => {
        const text = '{"b":1,"a":2}'
        const prev = log.entries[9]!.hash
        log.entries.push({ seq: 11, prev, hash: hashOf(11, prev, text), event: text })
      },
      /event of entry 11 is not canonical/,
    ],
  ]
  test.each(changes)('%s', async (_what, change, says) => {
    log.append(...events(10))
    const round = await writeCheckpoint(writer, await open())
    const before = notes()
    const stateBefore = await readState(directory)
    change()
    for (const again of [round, await open()]) {
      await expect(writeCheckpoint(writer, again)).rejects.toMatchObject({ name: 'LogDiffers', message: expect.stringMatching(says) as string })
    }
    expect([notes(), await readState(directory)]).toEqual([before, stateBefore])
    // So that writing stops there: what was signed last, each time.
    expect(log.handedOver.map(({ note }) => note)).toEqual([before[0], before[0], before[0]])
  })

  test('and the control plane is told why, also where it does not know of it itself', async () => {
    log.append(...events(10))
    const round = await writeCheckpoint(writer, await open())
    log.append(...events(3, 10))
    log.entries.splice(10, 1)
    await expect(writeCheckpoint(writer, round)).rejects.toMatchObject({ name: 'LogDiffers' })
    expect(log.problems).toEqual(['the log differs: entry 12 stands where entry 11 belongs'])
  })

  test('what the control plane says of the note is told', async () => {
    log.append(...events(2))
    for (const [body, says] of [
      [{ standing: 'ahead', given_up: false }, /shorter than the checkpoint of size 2/],
      [{ standing: 'disagrees', given_up: false }, /not the one of the checkpoint of size 2/],
      [{ standing: 'ahead', given_up: true }, /has given up the checkpoint/],
    ] as const) {
      log.answer = { status: 200, body }
      await expect(writeCheckpoint(writer, await open())).rejects.toThrow(says)
    }
  })
})

describe('the folder', () => {
  test('keeps what was signed when the state is lost: the log has to come by it', async () => {
    log.append(...events(10))
    await writeCheckpoint(writer, await open())
    log.append(...events(10, 10))
    rmSync(join(directory, 'state.json'))
    await writeCheckpoint(writer, await open())
    expect(newest().size).toBe(20)
    rmSync(join(directory, 'state.json'))
    log.entries.splice(0)
    log.append(...events(30, 500))
    await expect(writeCheckpoint(writer, await open())).rejects.toThrow('does not hold against the checkpoint of size 20')
    log.entries.splice(12)
    await expect(writeCheckpoint(writer, await open())).rejects.toThrow('before the checkpoint of size 20')
    expect(notes()).toHaveLength(2)
  })

  test('gets the file of a note that a crash kept from being written', async () => {
    log.append(...events(4))
    await writeCheckpoint(writer, await open())
    const [note] = notes()
    rmSync(join(directory, toNoteFileName('checkpoint', 1)))
    await open()
    expect(notes()).toEqual([note])
  })

  test('gets the file of a note that could not be written, as it was signed, at the next look', async () => {
    log.append(...events(4))
    const round = await open()
    const inTheWay = join(directory, toNoteFileName('checkpoint', 1))
    mkdirSync(inTheWay)
    await expect(writeCheckpoint(writer, round)).rejects.toThrow('EISDIR')
    expect(log.handedOver).toEqual([])
    const signed = (await readState(directory))!.state.checkpoint!.note
    rmdirSync(inTheWay)
    now = new Date(now.getTime() + 5_000)
    await writeCheckpoint(writer, round)
    expect([notes(), log.handedOver.map(({ note }) => note)]).toEqual([[signed], [signed]])
  })

  test('with a file that cannot be removed is written on', async () => {
    for (let no = 2; no <= keptCheckpoints + 1; no += 1) writeFileSync(join(directory, toNoteFileName('checkpoint', no)), '')
    mkdirSync(join(directory, toNoteFileName('checkpoint', 1)))
    await writeState(directory, { ...emptyState, last_no: keptCheckpoints + 1 }, [null])
    log.append(...events(1))
    let round = await open()
    for (let look = 0; look < 3; look += 1) {
      round = await writeCheckpoint(writer, round)
      log.append(...events(1, log.entries.length))
    }
    expect(round.delivered).toBe(keptCheckpoints + 4)
    expect(readCheckpointNote(log.handedOver.at(-1)!.note)?.checkpoint.size).toBe(3)
  })

  test('keeps no draft of what could not be written: it is tried again and again', async () => {
    mkdirSync(join(directory, 'taken', 'by a folder'), { recursive: true })
    await expect(replaceFile(directory, 'taken', 'text')).rejects.toThrow()
    expect(readdirSync(directory)).toEqual(['taken'])
  })

  test('is cleared of drafts that a crash left', async () => {
    writeFileSync(join(directory, '.draft-0'), 'half a no')
    await open()
    expect(readdirSync(directory)).toEqual([])
  })

  test('is left where another process wrote in it: nothing more is signed', async () => {
    log.append(...events(2))
    const round = await writeCheckpoint(writer, await open())
    await setState({ last_no: 7 })
    log.append(...events(2, 2))
    await expect(writeCheckpoint(writer, round)).rejects.toMatchObject({ name: 'StateChanged' })
    expect(notes()).toHaveLength(1)
  })

  test('never has a note written over: the same one again is no mistake, another one is', async () => {
    await writeNote(directory, 'checkpoint', 1, 'one\n')
    await writeNote(directory, 'checkpoint', 1, 'one\n')
    await expect(writeNote(directory, 'checkpoint', 1, 'two\n')).rejects.toBeInstanceOf(NoteExists)
    expect(notes()).toEqual(['one\n'])
    expect(readdirSync(directory)).toEqual([toNoteFileName('checkpoint', 1)])
    expect(statSync(join(directory, toNoteFileName('checkpoint', 1))).mode & 0o777).toBe(0o644)
  })

  test('keeps so many files and no more: the newest, every thousandth of the old, rotations and what was given up', async () => {
    const last = 5_300
    for (let no = 1; no <= last; no += 1) writeFileSync(join(directory, toNoteFileName('checkpoint', no)), '')
    await writeNote(directory, 'rotation', 1, 'rotation\n')
    await keepForGood(directory, 17)
    await removeOldCheckpoints(directory)
    const numbers = listNoteFiles(readdirSync(directory), 'checkpoint').map(({ no }) => no)
    expect(numbers.slice(0, 4)).toEqual([1_000, 2_000, 3_000, 4_000])
    expect(numbers.slice(4)).toEqual(Array.from({ length: keptCheckpoints }, (_, index) => last - keptCheckpoints + 1 + index))
    expect(existsSync(join(directory, `given-up-${toNoteFileName('checkpoint', 17)}`))).toBe(true)
    expect(listNoteFiles(readdirSync(directory), 'rotation')).toHaveLength(1)
  })

  test('belongs to one key: another one does not write there, with its state or without', async () => {
    log.append(...events(2))
    await writeCheckpoint(writer, await open())
    const other = readPrivateKey(createPrivateKeyText('localhost:4600/audit'))!
    await expect(openFolder(directory, other)).rejects.toBeInstanceOf(KeyDiffers)
    rmSync(join(directory, 'state.json'))
    await expect(openFolder(directory, other)).rejects.toBeInstanceOf(KeyDiffers)
  })

  test('belongs to the key that was announced last, also when its state is lost before that has signed', async () => {
    const next = readPrivateKey(createPrivateKeyText('localhost:4600/audit'))!
    log.append(...events(2))
    await writeCheckpoint(writer, await open())
    await writeNote(directory, 'rotation', 1, signRotation(2, key, next))
    rmSync(join(directory, 'state.json'))
    await expect(openFolder(directory, key)).rejects.toBeInstanceOf(KeyDiffers)
    expect((await openFolder(directory, next)).state).toMatchObject({ key_id: next.verifierKey.keyId, above: 2 })
  })

  test('a state that nobody can read is not taken for none', async () => {
    writeFileSync(join(directory, 'state.json'), '{"v":1')
    await expect(open()).rejects.toThrow('cannot be read as the state of a checkpoint writer')
  })
})

describe('after a restore', () => {
  const restored = (head: string) => ({ event_type: 'audit.restored', payload_summary: `Given up: the checkpoint of size 10 with head ${head}.` })
  const accept = () => acceptRestore(directory, key, writer.controlPlane)

  test('the log is read anew, and signed once it says itself what was given up; before that nothing is changed', async () => {
    log.append(...events(10))
    await writeCheckpoint(writer, await open())
    const lost = newest().head
    log.entries.splice(6)
    const before = [readdirSync(directory), await readState(directory)]
    await expect(accept()).rejects.toThrow('does not say that the newest checkpoint in the folder was given up')
    log.append({ ...restored(lost), event_type: 'request.refused' }, restored('f'.repeat(64)))
    await expect(accept()).rejects.toThrow('does not say that the newest checkpoint in the folder was given up')
    expect([readdirSync(directory), await readState(directory)]).toEqual(before)
    log.append(restored(lost))
    expect(await accept()).toEqual({ givenUp: 10, size: 9, above: 0 })
    expect(existsSync(join(directory, `given-up-${toNoteFileName('checkpoint', 1)}`))).toBe(true)
    await writeCheckpoint(writer, await open())
    expect([notes().length, newest().size]).toEqual([2, 9])
  })

  test('of the right database nothing is accepted, and it is signed on', async () => {
    log.append(...events(10))
    await writeCheckpoint(writer, await open())
    log.append(...events(3, 10))
    await expect(accept()).rejects.toMatchObject({ name: 'LogDiffers' })
    await writeCheckpoint(writer, await open())
    expect(newest().size).toBe(13)
  })

  test('the folder stays its key’s, which is not believed for less than before', async () => {
    log.append(...events(10))
    await writeCheckpoint(writer, await open())
    await setState({ above: 10 })
    log.entries.splice(6)
    log.append(restored(newest().head))
    expect(await accept()).toEqual({ givenUp: 10, size: 7, above: 10 })
    const other = readPrivateKey(createPrivateKeyText('localhost:4600/audit'))!
    await expect(openFolder(directory, other)).rejects.toBeInstanceOf(KeyDiffers)
    await writeCheckpoint(writer, await open())
    expect(notes()).toHaveLength(1)
    log.append(...events(5, 20))
    await writeCheckpoint(writer, await open())
    expect(newest().size).toBe(12)
  })
})

describe('the verifier, which shares no code with this', () => {
  const lines = () => log.entries.map(({ seq, prev, hash, event }) => `{"seq":${seq},"prev":"${prev}","hash":"${hash}","event":${event}}`)

  test('believes the notes and the rotation, and finds a log that was written anew', async () => {
    const next = readPrivateKey(createPrivateKeyText('localhost:4600/audit'))!
    log.append(...events(300))
    await writeCheckpoint(writer, await open())
    const rotation = signRotation(300, key, next)
    await setState({ key_id: next.verifierKey.keyId, above: 300, rotation: { no: 1, note: rotation } })
    writer = { ...writer, key: next }
    log.append(...events(45, 300))
    await writeCheckpoint(writer, await open(next))
    const checks = { checkpoints: notes(), rotations: [rotation], trustedKeys: [key.verifierKey.text] }
    expect(checks.checkpoints).toHaveLength(2)
    expect(await verifyAuditLog(lines(), checks)).toMatchObject({ ok: true })
    expect(await verifyAuditLog(lines(), { ...checks, rotations: [] })).toMatchObject({ ok: false })
    log.entries.splice(0)
    log.append(...events(345, 1_000))
    expect(await verifyAuditLog(lines())).toMatchObject({ ok: true })
    expect(await verifyAuditLog(lines(), checks)).toMatchObject({ ok: false })
  })
})

test('after a rotation nothing is signed up to the size at which it took over', async () => {
  log.append(...events(3))
  await writeCheckpoint(writer, await open())
  await setState({ above: 3 })
  now = new Date(now.getTime() + 7_200_000)
  await writeCheckpoint(writer, await open())
  expect(notes()).toHaveLength(1)
  log.append(...events(1, 3))
  await writeCheckpoint(writer, await open())
  expect(newest().size).toBe(4)
})
