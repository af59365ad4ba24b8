import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { ExternalAction } from '@autopack/contract/external-actions'
import {
  everythingOn,
  expectStatus,
  listAuditOf,
  outcomeOf,
  propose,
  proposeClaimed,
  sendFinish,
  sendObservation,
  sendResolution,
  stateOf,
  toListing,
  toSentSha256,
} from '../../test/ledger-story.ts'
import type { Claim } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterAll(() => deps.close())

async function complete(): Promise<Claim> {
  const claim = await proposeClaimed(deps)
  const report = { sent: 'yes', outcome: 'completed', sent_sha256: toSentSha256(claim.payload), external_object_id: 'lst_1' }
  await expectStatus(await sendFinish(deps, claim, report), 200)
  return claim
}

/** What the shop shows of a listing. */
function toShown(payload: string, change: object = {}): string {
  const { body } = (JSON.parse(payload) as { request: { body: object } }).request
  return JSON.stringify({ id: 'lst_1', ...body, ...change })
}

const read = async (actionId: string) =>
  (await expectStatus(await deps.asOperator('viewer').get(`/operator/external-actions/${actionId}`), 200)) as ExternalAction

describe('reading an effect back', () => {
  it('verifies what is as approved, moves the version on, and leaves the state as it is', async () => {
    const claim = await complete()
    const before = await read(claim.action_id)
    const seen = (await expectStatus(await sendObservation(deps, claim, toShown(claim.payload)), 200)) as ExecutorAction
    expect(seen).toMatchObject({ state: 'COMPLETED', version: before.version + 1, execution: { observed: { result: 'verified', detail: null } } })
    expect(await read(claim.action_id)).toMatchObject({ observed: 'verified', finished_at: before.finished_at })
    expect((await listAuditOf(deps, claim.action_id)).at(-1)).toMatchObject({
      event_type: 'external_action.observed',
      result_status: 'verified',
      external_object_id: 'lst_1',
      auth_principal_id: deps.executor.executorId,
    })
  })

  it('takes no more than a receipt can hold, however the characters are written as JSON', async () => {
    const claim = await complete()
    // Six bytes each.
    const text = (mark: string) => mark.padEnd(160_000, '\u0001')
    await expectStatus(await sendObservation(deps, claim, text('a')), 200)
    await expectStatus(await sendObservation(deps, claim, text('b')), 200)
    expect(await outcomeOf(await sendObservation(deps, claim, text('c')))).toEqual({ status: 409, code: 'not_open' })
    await expectStatus(await sendObservation(deps, claim, toShown(claim.payload)), 200)
  })

  it('says which fields drifted, as sent and as observed; the newest look counts', async () => {
    const claim = await complete()
    await expectStatus(await sendObservation(deps, claim, toShown(claim.payload)), 200)
    const drifted = toShown(claim.payload, { price: { amount_minor: 2100, currency: 'EUR' } })
    await expectStatus(await sendObservation(deps, claim, drifted, { detail: 'The shop raised it.' }), 200)
    const { observed, execution } = await read(claim.action_id)
    expect(observed).toBe('drifted')
    expect(execution!.observed).toMatchObject({ result: 'drifted', detail: 'The shop raised it.' })
    expect(execution!.observed!.fields.filter(({ same }) => same === false)).toMatchObject([
      { label: 'Price', sent_text: '€19.00', observed_text: '€21.00' },
    ])
    expect((await listAuditOf(deps, claim.action_id)).at(-1)).toMatchObject({ result_status: 'drifted', error_summary: 'Not as approved: Price.' })
  })

  it('cannot verify what is not there, not JSON, or full of characters a database cannot hold', async () => {
    const claim = await complete()
    for (const observed of [null, 'gone', 'NUL \u0000 and \ud800', `{"title":"\\u0000\\ud800"}`]) {
      const result = observed?.startsWith('{') ? 'drifted' : 'cannot_verify'
      expect(await expectStatus(await sendObservation(deps, claim, observed), 200)).toMatchObject({ execution: { observed: { result } } })
    }
  })

  it('adds nothing when the same comes again, and nothing after fifty looks', async () => {
    const claim = await complete()
    const first = await expectStatus(await sendObservation(deps, claim, toShown(claim.payload)), 200)
    expect(await expectStatus(await sendObservation(deps, claim, toShown(claim.payload)), 200)).toEqual(first)
    for (let look = 2; look <= 50; look += 1) await expectStatus(await sendObservation(deps, claim, `{"look":${look}}`), 200)
    expect(await outcomeOf(await sendObservation(deps, claim, '{"look":51}'))).toEqual({ status: 409, code: 'not_open' })
    const rows = await deps.db.execute(
      sql`SELECT count(*)::int AS count FROM control_plane.execution_observation WHERE execution_id = ${claim.execution_id}`,
    )
    expect(rows.rows[0]).toEqual({ count: 50 })
  })

  it('is open to every execution that may have had an effect, also after a person looked', async () => {
    const unknown = await proposeClaimed(deps)
    await expectStatus(await sendFinish(deps, unknown, { sent: 'unknown', outcome: 'unknown' }), 200)
    await expectStatus(await sendObservation(deps, unknown, toShown(unknown.payload)), 200)
    await expectStatus(await sendResolution(deps, 'approver', unknown, { outcome: 'failed' }), 200)
    await expectStatus(await sendObservation(deps, unknown, null), 200)
    expect(await stateOf(deps, unknown.action_id)).toBe('FAILED')
    const failed = await proposeClaimed(deps)
    await expectStatus(await sendFinish(deps, failed, { sent: 'yes', outcome: 'failed', sent_sha256: toSentSha256(failed.payload) }), 200)
    await expectStatus(await sendObservation(deps, failed, null), 200)
  })

  it('is refused where there can be no effect, with an old fence and to strangers; refusals are in the audit log', async () => {
    const pending = await propose(deps)
    const executing = await proposeClaimed(deps)
    const unsent = await proposeClaimed(deps)
    await expectStatus(await sendFinish(deps, unsent, { sent: 'no', outcome: 'failed' }), 200)
    const dry = await proposeClaimed(deps, { payload: toListing({ mode: 'dry_run' }) })
    await expectStatus(await sendFinish(deps, dry, { sent: 'no', outcome: 'completed' }), 200)
    for (const claim of [{ ...executing, action_id: pending.action_id }, executing, unsent, dry]) {
      expect(await outcomeOf(await sendObservation(deps, claim, '{}'))).toEqual({ status: 409, code: 'not_executing' })
      expect((await listAuditOf(deps, claim.action_id)).at(-1)).toMatchObject({
        event_type: 'external_action.observation_refused',
        result_status: 'refused',
        error_code: 'not_executing',
      })
    }
    const done = await complete()
    expect(await outcomeOf(await sendObservation(deps, { ...done, fence: 2 }, '{}'))).toEqual({ status: 409, code: 'stale_fence' })
    const stranger = await deps.addExecutor({ name: 'stranger' })
    expect(await outcomeOf(await sendObservation(deps, done, '{}', {}, stranger.key))).toEqual({ status: 404, code: 'not_found' })
    expect(await read(done.action_id)).toMatchObject({ observed: null })
  })
})
