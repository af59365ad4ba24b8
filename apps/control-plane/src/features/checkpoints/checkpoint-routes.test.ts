import { readFileSync } from 'node:fs'
import type { listAuditCheckpoints } from '@autopack/contract/checkpoints'
import type { AnswerOf } from '@autopack/contract/route'
import { createPrivateKeyText, readPrivateKey } from '@autopack/checkpoint/note-keys'
import { signRotation } from '@autopack/checkpoint/rotation-note'
import { signNote } from '@autopack/checkpoint/signed-note'
import { eq, sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acceptRestore } from '../../audit/accept-restore.ts'
import { findCheckpointCovering } from '../../audit/checkpoint-rows.ts'
import { recordAudit } from '../../audit/record-audit.ts'
import { recordCheckpoint } from '../../audit/record-checkpoint.ts'
import { recordRotations } from '../../audit/record-rotations.ts'
import { auditEventTable } from '../../db/audit-tables.ts'
import { appendEvents, createTestNoteKey, readEntryHashes, signCheckpoint, testCheckpointApiKey, testOrigin } from '../../test/checkpoint-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
let key = createTestNoteKey()
let hashes: Buffer[]
let secondsAhead = 0
beforeEach(async () => {
  secondsAhead = 0
  key = createTestNoteKey()
  deps = await openTestDeps({
    now: shiftedClock(() => secondsAhead),
    settings: { checkpoints: { keys: [key.verifierKey], apiKey: testCheckpointApiKey, directory: '/nowhere', independent: false } },
  })
  await appendEvents(deps.db, 5)
  hashes = await readEntryHashes(deps.db)
})
afterEach(() => deps.close())

const askAsWriter = (path: string, body?: unknown, apiKey = testCheckpointApiKey) =>
  deps.app.request(`http://control-plane.test${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'x-api-key': apiKey, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const handOver = async (note: string, rotations: string[] = []) => {
  const answer = await askAsWriter('/checkpoint/checkpoints', { note, rotations })
  const { standing, given_up, code, detail } = (await answer.json()) as Record<string, unknown>
  return { status: answer.status, ...(answer.status === 200 ? { standing, given_up } : { code, detail }) }
}
const list = async (query = '') =>
  (await (await deps.asOperator('viewer').get(`/operator/audit/checkpoints${query}`)).json()) as AnswerOf<typeof listAuditCheckpoints>
const status = async () =>
  (await (await deps.asOperator('viewer').get('/operator/status')).json()) as { audit: { checkpoint: unknown; stopped: { reason: string } | null } }
/** A mutation that anybody may see refused: an executor key that is made. */
const tryToWrite = async () => {
  const answer = await deps.asExecutor().post('/runs/start', { run_id: `run-${Math.random()}`, tiers: [] })
  return { status: answer.status, ...((await answer.json()) as { code?: string; detail?: string }) }
}
const longerBy = (count: number) => [...hashes, ...Array.from({ length: count }, (_, index) => Buffer.alloc(32, index + 1))]

describe('GET /checkpoint/entries', () => {
  test('200: the entries from one on as they stand in the export, as many as there are', async () => {
    const answer = await askAsWriter('/checkpoint/entries?from=4')
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    const [row] = await deps.db.select().from(auditEventTable).where(eq(auditEventTable.seq, 4)).limit(1)
    const lines = (await answer.text()).trimEnd().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toBe(`{"seq":4,"prev":"${row!.prev.toString('hex')}","hash":"${row!.hash.toString('hex')}","event":${row!.event}}`)
    expect(await (await askAsWriter('/checkpoint/entries?from=1&limit=2')).text()).toMatch(/^\{"seq":1,.*\n\{"seq":2,.*\n$/)
    expect(await (await askAsWriter('/checkpoint/entries?from=6')).text()).toBe('')
  })

  test.each(['', '?from=0', '?from=-1', '?from=1&limit=2001', '?from=1&more=1'])('400 for %s', async (query) =>
    expect((await askAsWriter(`/checkpoint/entries${query}`)).status).toBe(400),
  )

  test('403 with another key, and with none where none is configured', async () => {
    const none = await openTestDeps()
    try {
      for (const [app, apiKey] of [
        [deps.app, `${testCheckpointApiKey}x`],
        [deps.app, ''],
        [deps.app, deps.executor.key],
        [none.app, testCheckpointApiKey],
        [none.app, 'null'],
      ] as const) {
        const answer = await app.request('http://control-plane.test/checkpoint/entries?from=1', { headers: { 'x-api-key': apiKey } })
        expect(answer.status).toBe(403)
        expect(await answer.json()).toMatchObject({ code: 'key_refused' })
      }
    } finally {
      await none.close()
    }
  })
})

describe('POST /checkpoint/checkpoints', () => {
  test('200: a checkpoint that the log holds against is kept, once, and everybody may read it', async () => {
    const note = signCheckpoint(key, hashes.slice(0, 4))
    expect(await handOver(note)).toEqual({ status: 200, standing: 'holds', given_up: false })
    expect(await handOver(note)).toEqual({ status: 200, standing: 'holds', given_up: false })
    const newest = signCheckpoint(key, hashes)
    expect(await handOver(newest)).toMatchObject({ standing: 'holds' })
    const { items, keys, rotations, independent, stopped, next_cursor } = await list()
    expect(items.map(({ size, note: text, standing, given_up }) => ({ size, text, standing, given_up }))).toEqual([
      { size: 5, text: newest, standing: 'holds', given_up: false },
      { size: 4, text: note, standing: 'holds', given_up: false },
    ])
    expect(items[0]).toMatchObject({ head: hashes[4]!.toString('hex'), key_id: key.verifierKey.keyId, time: '2026-11-23T10:15:30.123Z' })
    expect({ keys, rotations, independent, stopped, next_cursor }).toEqual({
      keys: [key.verifierKey.text],
      rotations: [],
      independent: false,
      stopped: null,
      next_cursor: null,
    })
    expect((await status()).audit).toMatchObject({ checkpoint: { size: 5 }, stopped: null })
    const first = await list('?limit=1')
    expect(first.items.map(({ size }) => size)).toEqual([5])
    expect((await list(`?limit=1&cursor=${first.next_cursor}`)).items.map(({ size }) => size)).toEqual([4])
    expect((await findCheckpointCovering(deps.db, 4))?.size).toBe(5)
    expect(await findCheckpointCovering(deps.db, 6)).toBeNull()
  })

  test('200 for one that is ahead of the log: from then on nothing is written, reads and the brake go on', async () => {
    await handOver(signCheckpoint(key, hashes.slice(0, 3)))
    expect(await tryToWrite()).not.toMatchObject({ code: 'audit_unavailable' })
    hashes = await readEntryHashes(deps.db)
    expect(await handOver(signCheckpoint(key, longerBy(2)))).toEqual({ status: 200, standing: 'ahead', given_up: false })
    const refused = await deps.asOperator('admin').post('/operator/control/caps', {})
    expect(refused.status).toBe(400)
    await expect(appendEvents(deps.db, 1)).rejects.toMatchObject({
      code: 'audit_unavailable',
      detail: expect.stringContaining('restored from a backup') as string,
    })
    expect((await status()).audit).toMatchObject({ checkpoint: { size: 3 }, stopped: { reason: 'ahead', log_size: hashes.length } })
    expect((await list()).stopped).toMatchObject({ reason: 'ahead', checkpoint: { size: hashes.length + 2 } })
    const brake = await deps.asOperator('approver').post('/operator/control/brake', { scope: { kind: 'all', id: '' }, reason: 'The log was cut.' })
    expect(brake.status).toBe(200)
    expect((await readEntryHashes(deps.db)).length).toBe(hashes.length)
  })

  test('200 for one that disagrees, by its head or by its root: nothing is written any more', async () => {
    const forked = [...hashes.slice(0, 4), Buffer.alloc(32, 9)]
    expect(await handOver(signCheckpoint(key, forked))).toMatchObject({ standing: 'disagrees' })
    await expect(appendEvents(deps.db, 1)).rejects.toMatchObject({ code: 'audit_unavailable' })
    expect((await status()).audit.stopped).toMatchObject({ reason: 'disagrees' })
    // The same head over another past: somebody rewrote what lies below.
    const rewritten = [Buffer.alloc(32, 8), ...hashes.slice(1)]
    expect(await handOver(signCheckpoint(key, rewritten))).toMatchObject({ standing: 'disagrees' })
  })

  test('409 for a key that is not believed, another log, a changed note, and no checkpoint at all', async () => {
    const stranger = createTestNoteKey()
    const note = signCheckpoint(key, hashes)
    const otherLog = readPrivateKey(createPrivateKeyText('elsewhere/audit'))!
    const refused = [
      signCheckpoint(stranger, hashes),
      signCheckpoint(otherLog, hashes),
      note.replace('\n5\n', '\n4\n'),
      note.replace(`head ${hashes[4]!.toString('hex')}`, `head ${hashes[3]!.toString('hex')}`),
      signNote(`${testOrigin}\n5\n`, [key]),
      signNote(note.slice(0, note.indexOf('\n\n') + 1).replace(testOrigin, 'elsewhere/audit'), [key]),
      signNote(note.slice(0, note.indexOf('\n\n') + 1).replace('2026-11-23', '2026-13-23'), [key]),
      'hello',
    ]
    for (const text of refused) expect(await handOver(text)).toMatchObject({ status: 409, code: 'checkpoint_refused' })
    expect((await list()).items).toEqual([])
  })

  test('a refused note is counted, not written into the log one by one', async () => {
    for (let time = 0; time < 5; time += 1) await handOver('hello')
    expect(await readEntryHashes(deps.db)).toHaveLength(5)
    await deps.refusals.flush()
    expect(await readEntryHashes(deps.db)).toHaveLength(6)
  })
})

describe('a new key', () => {
  test('is believed once the old one announced it, for what comes after; the log says so; the old one is not believed above', async () => {
    const next = createTestNoteKey()
    await handOver(signCheckpoint(key, hashes))
    const rotation = signRotation(5, key, next)
    expect(await handOver(signCheckpoint(next, hashes), [rotation])).toMatchObject({
      code: 'checkpoint_refused',
      detail: expect.stringContaining('took over at size 5') as string,
    })
    expect((await list()).rotations).toEqual([])
    expect(await handOver(signCheckpoint(key, hashes), [rotation])).toMatchObject({ standing: 'holds' })
    expect(await list()).toMatchObject({ rotations: [rotation], keys: [key.verifierKey.text, next.verifierKey.text] })
    const grown = await readEntryHashes(deps.db)
    expect(grown).toHaveLength(6)
    const [row] = await deps.db.select().from(auditEventTable).where(eq(auditEventTable.seq, 6)).limit(1)
    expect(row).toMatchObject({ event_type: 'audit.checkpoint_key_rotated', auth_principal_id: 'checkpoint-writer' })
    expect(await handOver(signCheckpoint(key, grown))).toMatchObject({
      code: 'checkpoint_refused',
      detail: expect.stringContaining('was replaced by') as string,
    })
    expect(await handOver(signCheckpoint(next, grown))).toMatchObject({ standing: 'holds' })
  })

  test('that is announced while the old one’s checkpoint is stored keeps it out: nothing above is signed by a key that was replaced', async () => {
    const next = createTestNoteKey()
    await handOver(signCheckpoint(key, hashes))
    await appendEvents(deps.db, 1)
    const late = { note: signCheckpoint(key, await readEntryHashes(deps.db)), rotations: [] }
    const rotation = signRotation(5, key, next)
    const writer = { kind: 'system', name: 'checkpoint-writer' } as const
    const meanwhile = new Proxy(deps.db, {
      get: (db, member) =>
        member === 'transaction'
          ? async (act: Parameters<typeof db.transaction>[0]) => {
              await recordRotations(db, [key.verifierKey], [rotation], writer, null)
              return db.transaction(act)
            }
          : (Reflect.get(db, member) as unknown),
    })
    const refusal = { code: 'checkpoint_refused', detail: expect.stringContaining('was replaced by') as string }
    await expect(recordCheckpoint(meanwhile, [key.verifierKey], late)).rejects.toMatchObject(refusal)
    expect((await list()).items.map(({ size }) => size)).toEqual([5])
  })

  test('is kept out, with a word, by a row that somebody planted under the number of the old one', async () => {
    const next = createTestNoteKey()
    await handOver(signCheckpoint(key, hashes))
    await deps.db.execute(sql`INSERT INTO control_plane.checkpoint_key (key_id, verifier_key) VALUES ('00000000', 'nothing')`)
    await deps.db.execute(sql`INSERT INTO control_plane.checkpoint_rotation (size, old_key_id, new_key_id, note)
      VALUES (5, ${key.verifierKey.keyId}, '00000000', 'no note')`)
    expect(await handOver(signCheckpoint(key, hashes), [signRotation(5, key, next)])).toMatchObject({
      code: 'checkpoint_refused',
      detail: expect.stringContaining('Another rotation of the key') as string,
    })
  })

  test('is not believed on its own word, on a stranger’s, without its own signature, or against what the old key signed', async () => {
    const [next, stranger] = [createTestNoteKey(), createTestNoteKey()]
    await handOver(signCheckpoint(key, hashes))
    const grown = [...hashes, Buffer.alloc(32, 1)]
    const text = signRotation(5, key, next).split('\n\n')[0]!
    for (const rotation of [
      signRotation(5, stranger, next),
      signNote(`${text}\n`, [next]),
      signNote(`${text}\n`, [key]),
      signRotation(5, next, next),
    ])
      expect(await handOver(signCheckpoint(next, grown), [rotation])).toMatchObject({ code: 'checkpoint_refused' })
    expect((await list()).stopped).toBeNull()
    expect(await handOver(signCheckpoint(key, hashes.slice(0, 4)), [signRotation(4, key, next)])).toMatchObject({
      code: 'checkpoint_refused',
      detail: expect.stringContaining('signed the log up to size 5') as string,
    })
    expect((await list()).rotations).toEqual([])
  })
})

describe('a restored database', () => {
  const giveUp = (eventSeq: number) => sql`INSERT INTO control_plane.audit_restore (event_seq) VALUES (${eventSeq})`

  test('goes on after it was accepted, with a last word about what is given up; the same note stops nobody any more', async () => {
    const lost = signCheckpoint(key, longerBy(3))
    await handOver(lost)
    expect(await acceptRestore(deps.db, 'The disk broke; the backup of the night is all there is.')).toMatchObject({ reason: 'ahead', log_size: 5 })
    const [row] = await deps.db.select().from(auditEventTable).where(eq(auditEventTable.seq, 6)).limit(1)
    const event = JSON.parse(row!.event) as { event_type: string; reason: string; payload_summary: string }
    expect(event).toMatchObject({ event_type: 'audit.restored', reason: 'The disk broke; the backup of the night is all there is.' })
    expect(event.payload_summary).toContain(`size 8 with head ${longerBy(3)[7]!.toString('hex')}`)
    expect(await handOver(lost)).toEqual({ status: 200, standing: 'ahead', given_up: true })
    await appendEvents(deps.db, 1)
    expect((await status()).audit).toMatchObject({ checkpoint: null, stopped: null })
    expect((await list()).items[0]).toMatchObject({ standing: 'ahead', given_up: true })
    expect(await handOver(signCheckpoint(key, await readEntryHashes(deps.db)))).toMatchObject({ standing: 'holds' })
    expect(await acceptRestore(deps.db, 'Once more.')).toBeNull()
    // Another checkpoint of the lost log is not given up with it.
    expect(await handOver(signCheckpoint(key, longerBy(9)))).toMatchObject({ standing: 'ahead', given_up: false })
    await expect(appendEvents(deps.db, 1)).rejects.toMatchObject({ code: 'audit_unavailable' })
  })

  test('brakes that were engaged meanwhile come into the log first', async () => {
    await handOver(signCheckpoint(key, longerBy(1)))
    await deps.asOperator('approver').post('/operator/control/brake', { scope: { kind: 'all', id: '' }, reason: 'The log was cut.' })
    expect(await acceptRestore(deps.db, 'It is right.')).not.toBeNull()
    const rows = await deps.db
      .select({ type: auditEventTable.event_type })
      .from(auditEventTable)
      .where(sql`seq > 5`)
      .orderBy(auditEventTable.seq)
      .limit(9)
    expect(rows.map(({ type }) => type)).toEqual(['control.brake_engaged', 'audit.restored'])
  })

  test('nothing is given up without its entry in the log', async () => {
    await handOver(signCheckpoint(key, longerBy(1)))
    const refused = (error: Error & { cause?: Error }) => `${error.message} ${error.cause?.message}`.includes('only with an audit.restored')
    await expect(deps.db.execute(giveUp(5))).rejects.toSatisfy(refused)
    // Whatever its columns could say: what counts is the text, and the text names the head that is given up.
    for (const event of [
      { event_type: 'clock.accepted', reason: 'x', payload_summary: `Given up: ${longerBy(1)[5]!.toString('hex')}.` },
      { event_type: 'audit.restored', reason: 'x', payload_summary: 'Given up: nothing of interest.' },
    ] as const) {
      const attempt = deps.db.transaction(async (tx) => {
        await tx.execute(giveUp(6))
        await recordAudit(tx, { kind: 'system', name: 'story' }, { ...event, result_status: 'ok' }, { requestId: null })
      })
      await expect(attempt).rejects.toSatisfy(refused)
    }
    await expect(appendEvents(deps.db, 1)).rejects.toMatchObject({ code: 'audit_unavailable' })
  })

  test('nothing is given up while nothing stops the log', async () => {
    await handOver(signCheckpoint(key, hashes))
    await expect(deps.db.execute(giveUp(5))).rejects.toMatchObject({ cause: { message: expect.stringContaining('none to give up') as string } })
  })

  test('a log that is cut below a checkpoint that once held is not written either', async () => {
    await handOver(signCheckpoint(key, hashes))
    await deps.ownerDb.transaction(async (tx) => {
      await tx.execute(sql`ALTER TABLE control_plane.audit_event DISABLE TRIGGER USER`)
      await tx.execute(sql`ALTER TABLE control_plane.audit_head DISABLE TRIGGER USER`)
      await tx.execute(sql`DELETE FROM control_plane.audit_event WHERE seq = 5`)
      await tx.execute(sql`UPDATE control_plane.audit_head SET seq = 4, hash = (SELECT hash FROM control_plane.audit_event WHERE seq = 4)`)
      await tx.execute(sql`ALTER TABLE control_plane.audit_event ENABLE TRIGGER USER`)
      await tx.execute(sql`ALTER TABLE control_plane.audit_head ENABLE TRIGGER USER`)
    })
    await expect(appendEvents(deps.db, 1)).rejects.toMatchObject({ code: 'audit_unavailable' })
    expect((await status()).audit).toMatchObject({ stopped: { reason: 'ahead', log_size: 4 } })
  })

  test('a log that lacks an entry below the checkpoint disagrees with it, and is not written', async () => {
    await deps.ownerDb.transaction(async (tx) => {
      await tx.execute(sql`ALTER TABLE control_plane.audit_event DISABLE TRIGGER USER`)
      await tx.execute(sql`DELETE FROM control_plane.audit_event WHERE seq = 4`)
      await tx.execute(sql`ALTER TABLE control_plane.audit_event ENABLE TRIGGER USER`)
    })
    expect(await handOver(signCheckpoint(key, hashes))).toEqual({ status: 200, standing: 'disagrees', given_up: false })
    await expect(appendEvents(deps.db, 1)).rejects.toMatchObject({ code: 'audit_unavailable' })
  })
})

describe('a log that is signed no more', () => {
  const lateness = async () => {
    const { late } = await list()
    expect((await status()).audit).toMatchObject({ late })
    return late
  }
  test('is late after five minutes, with the time of the newest checkpoint, and not any more once it is signed', async () => {
    secondsAhead = 290
    expect(await lateness()).toBeNull()
    secondsAhead = 310
    expect(await lateness()).toMatchObject({ detail: null })
    await handOver(signCheckpoint(key, hashes))
    expect(await lateness()).toBeNull()
    await appendEvents(deps.db, 1)
    secondsAhead = 290
    expect(await lateness()).toBeNull()
    secondsAhead = 310
    const [newest] = (await list()).items
    expect(await lateness()).toEqual({ since: newest!.received_at, detail: null })
  })

  test('is late when it stands still and is not signed again for two hours', async () => {
    await handOver(signCheckpoint(key, hashes))
    secondsAhead = 7_190
    expect(await lateness()).toBeNull()
    secondsAhead = 7_210
    expect(await lateness()).toMatchObject({ detail: null })
  })

  test('is late at once with what the writer reports, until a checkpoint comes, or it says nothing more', async () => {
    await handOver(signCheckpoint(key, hashes))
    const report = () => askAsWriter('/checkpoint/problems', { problem: 'the log differs: entry 6 does not follow entry 5' })
    expect((await report()).status).toBe(200)
    expect(await lateness()).toMatchObject({ detail: 'the log differs: entry 6 does not follow entry 5' })
    await appendEvents(deps.db, 1)
    await handOver(signCheckpoint(key, await readEntryHashes(deps.db)))
    expect(await lateness()).toBeNull()
    await report()
    expect(await lateness()).not.toBeNull()
    secondsAhead = 310
    expect(await lateness()).toBeNull()
  })

  test.each([{}, { problem: '' }, { problem: 'x'.repeat(501) }, { problem: 'x', more: 1 }])('400 for the report %j', async (body) =>
    expect((await askAsWriter('/checkpoint/problems', body)).status).toBe(400),
  )

  test('is not late where no checkpoint writer is configured', async () => {
    const none = await openTestDeps({ now: shiftedClock(() => 86_400) })
    try {
      await appendEvents(none.db, 1)
      const answer = (await (await none.asOperator('viewer').get('/operator/status')).json()) as { audit: { late: unknown } }
      expect(answer.audit.late).toBeNull()
    } finally {
      await none.close()
    }
  })
})

describe('what is kept', () => {
  test('the statements of docs/deployment.md take out old checkpoints that hold, and nothing else', async () => {
    const lost = signCheckpoint(key, longerBy(1))
    await handOver(lost)
    await acceptRestore(deps.db, 'It is right.')
    await handOver(signCheckpoint(key, await readEntryHashes(deps.db)))
    // As many rows as it takes, all of them alike.
    await deps.ownerDb.transaction(async (tx) => {
      await tx.execute(sql`ALTER TABLE control_plane.audit_checkpoint DISABLE TRIGGER audit_checkpoint_weighed`)
      await tx.execute(sql`INSERT INTO control_plane.audit_checkpoint (size, head, root, signed_at, key_id, note, standing)
        SELECT c.size, c.head, c.root, c.signed_at, c.key_id, 'copy ' || copy, 'holds'
        FROM control_plane.audit_checkpoint AS c, generate_series(1, 102500) AS copy WHERE c.standing = 'holds'`)
      await tx.execute(sql`ALTER TABLE control_plane.audit_checkpoint ENABLE TRIGGER audit_checkpoint_weighed`)
    })
    const page = readFileSync(new URL('../../../../../docs/deployment.md', import.meta.url), 'utf8')
    const statements = /```sql\n(BEGIN;\nALTER TABLE control_plane\.audit_checkpoint[^]*?COMMIT;)\n```/.exec(page)![1]!
    for (const statement of statements.split(';').slice(1, -2)) await deps.ownerDb.execute(sql.raw(statement))
    const left = await deps.ownerDb
      .execute(sql`SELECT min(no)::int AS first, count(*)::int AS count, count(*) FILTER (WHERE standing = 'ahead')::int AS lost
      FROM control_plane.audit_checkpoint`)
    expect(left.rows).toEqual([{ first: 1, count: 100_000 + 1 + 2, lost: 1 }])
    await expect(deps.ownerDb.execute(sql`DELETE FROM control_plane.audit_checkpoint WHERE no = 1`)).rejects.toThrow()
    expect(await handOver(lost)).toMatchObject({ given_up: true })
  })
})
