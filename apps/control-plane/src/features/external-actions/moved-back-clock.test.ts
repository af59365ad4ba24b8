import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { acceptClock } from '../../audit/accept-clock.ts'
import {
  decide,
  everythingOn,
  expectStatus,
  outcomeOf,
  propose,
  proposeApproved,
  sendClaim,
  toApproval,
  toRejection,
} from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn })
})
afterAll(() => deps.close())

/** As if an event had been written an hour from now, and the clock moved back since: every event from here on has the earlier time, too. */
async function moveClockBack(): Promise<void> {
  const alter = (verb: string) => deps.ownerDb.execute(sql.raw(`ALTER TABLE control_plane.audit_head ${verb} TRIGGER audit_head_follows`))
  await alter('DISABLE')
  await deps.ownerDb.execute(sql`UPDATE control_plane.audit_head SET latest_at = clock_timestamp() + interval '1 hour'`)
  await alter('ENABLE')
}

describe('after the clock of the database was moved back', () => {
  it('approving and claiming stay refused, however often they are asked for, until somebody accepts the clock (I-9)', async () => {
    const [pending, approved, rejected] = [await propose(deps), await proposeApproved(deps), await propose(deps)]
    await moveClockBack()
    const refused = { status: 409, code: 'clock_moved_back' }
    for (let time = 0; time < 2; time += 1) {
      expect(await outcomeOf(await decide(deps, 'approver', pending, toApproval(pending)))).toEqual(refused)
      expect(await outcomeOf(await sendClaim(deps, approved))).toEqual(refused)
    }
    await expectStatus(await decide(deps, 'approver', rejected, toRejection(rejected)), 200)
    await acceptClock(deps.db, 'The clock had run an hour ahead.')
    const newest = await deps.ownerDb.execute(sql`SELECT event::jsonb AS event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
    expect(newest.rows[0]!['event']).toMatchObject({
      event_type: 'clock.accepted',
      auth_principal_type: 'system',
      auth_principal_id: 'accept-clock',
      reason: 'The clock had run an hour ahead.',
    })
    expect(await outcomeOf(await decide(deps, 'approver', pending, toApproval(pending)))).toEqual({ status: 200, code: null })
    expect(await outcomeOf(await sendClaim(deps, approved))).toEqual({ status: 201, code: null })
  })

  it('nobody sets the latest moment back by hand', async () => {
    await expect(deps.ownerDb.execute(sql`UPDATE control_plane.audit_head SET latest_at = clock_timestamp()`)).rejects.toThrow()
  })
})
