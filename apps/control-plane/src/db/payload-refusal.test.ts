import { payloadVectors } from '@autopack/approval-proof/payload-vectors'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { everythingOn, propose } from '../test/ledger-story.ts'
import { openTestDeps } from '../test/open-test-deps.ts'
import type { TestDeps } from '../test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterAll(() => deps.close())

type Judged = { payload_refusal: string | null; canonical_refusal: string | null; sha256: string }

async function judge(bytes: Buffer): Promise<Judged> {
  const found = await deps.ownerDb.execute(sql`
    SELECT control_plane.payload_refusal(source) AS payload_refusal, control_plane.canonical_refusal(source) AS canonical_refusal,
      encode(sha256(source), 'hex') AS sha256 FROM (SELECT ${bytes}::bytea AS source) AS given`)
  return found.rows[0] as Judged
}

it.each(payloadVectors.map((vector) => [vector.what, vector] as const))('the database judges as the vectors say (I-4): %s', async (_what, vector) => {
  const { payload_refusal, canonical_refusal, sha256 } = await judge(vector.bytes)
  if (vector.verdict === 'refused') {
    expect(payload_refusal).not.toBeNull()
    // Size is a rule of payloads: the profile knows none.
    if (vector.rule !== 'too_large') expect(canonical_refusal).not.toBeNull()
    return
  }
  expect(canonical_refusal).toBeNull()
  expect(payload_refusal === null).toBe(vector.verdict === 'payload')
  expect(sha256).toBe(vector.sha256)
})

it('no revision holds bytes that are not a payload in canonical form, whoever writes it (I-4)', async () => {
  const action = await propose(deps)
  const insert = (payload: string) =>
    deps.ownerDb.transaction(async (tx) => {
      await tx.execute(sql`INSERT INTO control_plane.action_revision
        (action_id, revision, payload, tier, kill_switch, descriptor_id, descriptor_version, descriptor_sha256, risk_score, risk_level,
         risk_contributions, coverage_explained, coverage_present, blind, title, sentence, target_text, findings, decide_by,
         execute_within_seconds, hold_seconds, created_at)
        SELECT action_id, 2, ${Buffer.from(payload)}::bytea, tier, kill_switch, descriptor_id, descriptor_version, descriptor_sha256, risk_score,
          risk_level, risk_contributions, coverage_explained, coverage_present, blind, title, sentence, target_text, findings, decide_by,
          execute_within_seconds, hold_seconds, created_at FROM control_plane.action_revision WHERE action_id = ${action.action_id}`)
      throw new Error('the row was taken')
    })
  const refusalOf = (payload: string) =>
    insert(payload).then(
      () => 'nothing was thrown',
      (error: Error & { cause?: Error & { constraint?: string } }) => error.cause?.constraint ?? error.message,
    )
  expect(await refusalOf(action.payload)).toBe('the row was taken')
  // Every generated column can be computed from these: only the constraint stands in their way.
  expect(await refusalOf(` ${action.payload}`)).toBe('payload_is_accepted')
  expect(await refusalOf(action.payload.replace('"v":1', '"v":1.0'))).toBe('payload_is_accepted')
  expect(await refusalOf(action.payload.replace('"v":1', '"v":1,"w":1'))).toBe('payload_is_accepted')
  expect(await refusalOf(action.payload.replace('"v":1', '"v":1,"v":1'))).toBe('payload_is_accepted')
})
