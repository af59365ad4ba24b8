import { afterAll, beforeAll, expect, it } from 'vitest'
import { decide, everythingOn, outcomeOf, propose, toApproval, toRejection } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ ceiling: everythingOn, rateLimits: { decision: 2, mutation: 2, read: 2 } })
})
afterAll(() => deps.close())

it('approving has a limit; rejecting, asking for a change and engaging the brake go on when it, and every other lane, is exhausted', async () => {
  const [one, other] = [await propose(deps), await propose(deps)]
  for (let count = 0; count < 2; count += 1) await decide(deps, 'approver', one, { ...toApproval(one), payload_hash: 'f'.repeat(64) })
  for (let count = 0; count < 3; count += 1) await deps.asOperator('approver').get('/operator/control')
  expect(await outcomeOf(await decide(deps, 'approver', one, toApproval(one)))).toEqual({ status: 429, code: 'rate_limited' })
  expect((await deps.asOperator('approver').get('/operator/control')).status).toBe(429)
  const ask = { kind: 'ask_change', revision: 1, payload_hash: other.payload_hash, field: null, reason: 'A shorter title.' }
  expect(await outcomeOf(await decide(deps, 'approver', other, ask))).toEqual({ status: 200, code: null })
  expect(await outcomeOf(await decide(deps, 'approver', one, toRejection(one)))).toEqual({ status: 200, code: null })
  for (let count = 0; count < 5; count += 1) {
    const brake = { scope: { kind: 'provider', id: `shop_${count}` }, reason: 'It looks wrong.' }
    expect((await deps.asOperator('approver').post('/operator/control/brake', brake)).status).toBe(200)
  }
})
