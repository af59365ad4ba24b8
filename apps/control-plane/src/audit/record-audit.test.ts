import { auditHash, firstPrev } from '@autopack/approval-proof/audit-hash'
import type { AuditEntry } from '@autopack/contract/audit'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { sql } from 'drizzle-orm'
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

describe('the database refuses', () => {
  beforeEach(() => append())

  test.each([
    ['changing an event', sql`UPDATE control_plane.audit_event SET event_type = 'x' WHERE seq = 1`],
    ['deleting an event', sql`DELETE FROM control_plane.audit_event WHERE seq = 1`],
    ['emptying the log', sql`TRUNCATE control_plane.audit_event`],
    ['moving the head by hand', sql`UPDATE control_plane.audit_head SET seq = seq - 1`],
    ['deleting the head', sql`DELETE FROM control_plane.audit_head`],
    ['emptying the head', sql`TRUNCATE control_plane.audit_head`],
    [
      'an event that does not follow the head',
      sql`INSERT INTO control_plane.audit_event (seq, prev, hash, event, event_type, auth_principal_type, auth_principal_id, result_status, at)
          SELECT seq + 2, hash, sha256('\x01'::bytea || int8send(seq + 2) || hash || '{}'::bytea), '{}', 'x', 'system', 'x', 'ok', now()
          FROM control_plane.audit_head`,
    ],
    [
      'an event whose hash is not that of its text',
      sql`INSERT INTO control_plane.audit_event (seq, prev, hash, event, event_type, auth_principal_type, auth_principal_id, result_status, at)
          SELECT seq + 1, hash, sha256('{}'::bytea), '{}', 'x', 'system', 'x', 'ok', now() FROM control_plane.audit_head`,
    ],
  ])('%s', async (_name, statement) => {
    const before = await readLog()
    await expect(deps.ownerDb.execute(statement)).rejects.toThrow()
    expect(await readLog()).toEqual(before)
  })
})
