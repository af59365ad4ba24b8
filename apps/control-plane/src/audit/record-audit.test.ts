import { auditHash, firstPrev } from '@autopack/approval-proof/audit-hash'
import type { AuditEntry } from '@autopack/contract/audit'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'
import type { AuditedFacts } from './record-audit.ts'
import { recordAudit } from './record-audit.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

const system = { kind: 'system', name: 'test' } as const
const append = (facts: Partial<AuditedFacts> = {}) =>
  deps.db.transaction((tx) =>
    recordAudit(tx, system, { event_type: 'clock.accepted', result_status: 'ok', reason: 'A test says so.', ...facts }, { requestId: 'request-1' }),
  )

async function readLog(): Promise<AuditEntry[]> {
  const answer = await deps.asOperator('admin').get('/operator/audit/export')
  const text = await answer.text()
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as AuditEntry)
}

describe('the chain', () => {
  test('every event carries the hash of the one before it, and its own over what is written', async () => {
    await append()
    await append({ reason: 'ümläut 💥 "quoted"\n' })
    await append({ risk_score: 7, kill_switch_snapshot: { DEMO_SHOP_PUBLISH: true } })
    let prev = firstPrev
    const log = await readLog()
    for (const [index, entry] of log.entries()) {
      expect(entry.seq).toBe(index + 1)
      expect(entry.prev).toBe(prev)
      expect(entry.hash).toBe(auditHash(entry.seq, prev, entry.event))
      prev = entry.hash
    }
    expect(log.length).toBeGreaterThanOrEqual(3)
  })

  test('many at once leave no gap and no fork', async () => {
    const before = (await readLog()).length
    const seqs = await Promise.all(Array.from({ length: 20 }, () => append()))
    expect(seqs.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 20 }, (_, index) => before + 1 + index))
  })

  test('a text with half of a surrogate pair is stored with a replacement character instead of failing the mutation', async () => {
    await append({ reason: `broken \ud800 text` })
    expect((await readLog()).at(-1)?.event.reason).toBe('broken \ufffd text')
  })

  test('an event outside the contract refuses the whole transaction', async () => {
    await expect(append({ payload_hash: 'not a hash' })).rejects.toMatchObject({ code: 'audit_unavailable' })
  })

  test.each<[string, Partial<AuditedFacts>]>([
    ['of a type that nobody declared', { event_type: 'clock.wound' as never }],
    ['without a member that its type has always', { reason: null }],
    ['with an empty text there', { reason: '' }],
    ['with an empty list there', { event_type: 'approval_request.approved', approved_by: [] }],
  ])('an event %s refuses the whole transaction', async (_what, facts) => {
    const before = (await readLog()).length
    await expect(append(facts)).rejects.toMatchObject({ code: 'audit_unavailable' })
    expect(await readLog()).toHaveLength(before)
  })

  test('a mutation whose audit event cannot be written does not happen', async () => {
    const before = (await readLog()).length
    const attempt = deps.db.transaction(async (tx) => {
      await tx.execute(
        sql`INSERT INTO control_plane.operator (operator_id, name, role) VALUES ('op_00000000-0000-4000-8000-00000000000a', 'ghost', 'viewer')`,
      )
      await recordAudit(tx, system, { event_type: 'clock.accepted', result_status: 'ok', reason: 'A test.', risk_score: 0.5 }, { requestId: null })
    })
    await expect(attempt).rejects.toBeInstanceOf(ProblemError)
    const ghosts = await deps.db.execute(sql`SELECT 1 FROM control_plane.operator WHERE name = 'ghost'`)
    expect(ghosts.rows).toHaveLength(0)
    expect(await readLog()).toHaveLength(before)
  })
})

/** The text of an event as somebody with a connection would write it. */
function said(more: object = {}): string {
  const at = '2026-11-23T10:15:30.123Z'
  return JSON.stringify({ at, auth_principal_id: 'x', auth_principal_type: 'system', event_type: 'x', result_status: 'ok', ...more })
}

function writeByHand(more: object = {}): SQL {
  return sql`INSERT INTO control_plane.audit_event (seq, prev, hash, event)
    SELECT seq + 1, hash, sha256('\x01'::bytea || int8send(seq + 1) || hash || convert_to(${said(more)}, 'UTF8')), ${said(more)}
    FROM control_plane.audit_head`
}

describe('which event about a thing it is', () => {
  const brake = (id: string) => append({ approval_ref: { kind: 'brake', id } })
  const numbersOf = async (id: string) =>
    (await readLog()).filter(({ event }) => event.approval_ref?.id === id).map(({ event }) => event.approval_ref_no)

  test('is counted from 1 without a gap, also by many at once, for each thing alone; an event about none has no number', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, at) => brake(at % 3 === 0 ? 'brk_one' : 'brk_other')))
    expect(await numbersOf('brk_one')).toEqual([1, 2, 3, 4])
    expect(await numbersOf('brk_other')).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    await append({ approval_ref: { kind: 'external_action', id: 'brk_one' } })
    expect((await readLog()).at(-1)!.event.approval_ref_no).toBe(1)
    await append()
    expect((await readLog()).at(-1)!.event).not.toHaveProperty('approval_ref_no')
  })
})

test('what the columns say is what the text says, NUL and what only looks like one among it', async () => {
  const text = {
    reason: 'NUL \u0000\u0000 and \\u0000 and \\\u0000',
    run_id: 'run \u0000',
    approval_ref: { kind: 'brake', id: 'brk_nul' },
    approval_ref_no: 1,
  }
  let rows: unknown[] = []
  const attempt = deps.ownerDb.transaction(async (tx) => {
    await tx.execute(writeByHand(text))
    const found = await tx.execute(
      sql`SELECT event_type, run_id, approval_ref_id, approval_ref_no::int AS no, floor(extract(epoch FROM at) * 1000)::float8 AS at,
        control_plane.audit_member(event, 'reason') AS reason FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`,
    )
    rows = found.rows
    throw new Error('not kept')
  })
  await expect(attempt).rejects.toThrow('not kept')
  const reason = 'NUL \ufffd\ufffd and \\u0000 and \\\ufffd'
  const at = Date.parse('2026-11-23T10:15:30.123Z')
  expect(rows).toEqual([{ event_type: 'x', run_id: 'run \ufffd', approval_ref_id: 'brk_nul', no: 1, at, reason }])
})

describe('the database refuses', () => {
  beforeEach(async () => {
    await append()
    const { rows } = await deps.db.execute(sql`SELECT FROM control_plane.audit_event WHERE approval_ref_id = 'brk_x'`)
    if (rows.length === 0) await append({ approval_ref: { kind: 'brake', id: 'brk_x' } })
  })

  test.each([
    ['changing an event', sql`UPDATE control_plane.audit_event SET event_type = 'x' WHERE seq = 1`],
    ['deleting an event', sql`DELETE FROM control_plane.audit_event WHERE seq = 1`],
    ['emptying the log', sql`TRUNCATE control_plane.audit_event`],
    ['moving the head by hand', sql`UPDATE control_plane.audit_head SET seq = seq - 1`],
    ['deleting the head', sql`DELETE FROM control_plane.audit_head`],
    ['emptying the head', sql`TRUNCATE control_plane.audit_head`],
    [
      'an event that does not follow the head',
      sql`INSERT INTO control_plane.audit_event (seq, prev, hash, event)
          SELECT seq + 2, hash, sha256('\x01'::bytea || int8send(seq + 2) || hash || convert_to(${said()}, 'UTF8')), ${said()}
          FROM control_plane.audit_head`,
    ],
    [
      'an event whose hash is not that of its text',
      sql`INSERT INTO control_plane.audit_event (seq, prev, hash, event)
          SELECT seq + 1, hash, sha256('{}'::bytea), ${said()} FROM control_plane.audit_head`,
    ],
    ['an event without what its columns are made of', writeByHand({ event_type: undefined })],
    [
      'a column that says something else than the text',
      sql`INSERT INTO control_plane.audit_event (seq, prev, hash, event, event_type)
          SELECT seq + 1, hash, sha256('\x01'::bytea || int8send(seq + 1) || hash || convert_to(${said()}, 'UTF8')), ${said()}, 'audit.restored'
          FROM control_plane.audit_head`,
    ],
    ['an event of no moment', writeByHand({ at: 'infinity' })],
    ['a number about a thing twice', writeByHand({ approval_ref: { kind: 'brake', id: 'brk_x' }, approval_ref_no: 1 })],
  ])('%s', async (_name, statement) => {
    const before = await readLog()
    await expect(deps.ownerDb.execute(statement)).rejects.toThrow()
    expect(await readLog()).toEqual(before)
  })
})
