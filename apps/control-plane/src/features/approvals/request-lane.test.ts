import { afterAll, beforeAll, expect, it } from 'vitest'
import { outcomeOf } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { askApproval, askGovernance, decideAsked, rejection, startOwnRun } from '../../test/request-story.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps({ rateLimits: { decision: 2 } })
})
afterAll(() => deps.close())

it('approving requests has the limit of decisions; rejecting and asking for a change go on when it is exhausted', async () => {
  const files = await askGovernance(deps, { run_id: await startOwnRun(deps), paths: ['docs/a.md'] })
  const [one, other] = [await askApproval(deps), await askApproval(deps)]
  const otherBytes = { body_sha256: 'f'.repeat(64) }
  for (const asked of [one, files])
    expect(await outcomeOf(await decideAsked(deps, 'approver', asked, otherBytes))).toEqual({ status: 409, code: 'hash_mismatch' })
  for (const asked of [one, files]) expect(await outcomeOf(await decideAsked(deps, 'approver', asked))).toEqual({ status: 429, code: 'rate_limited' })
  for (const asked of [one, files])
    expect(await outcomeOf(await decideAsked(deps, 'approver', asked, rejection))).toEqual({ status: 200, code: null })
  const change = { kind: 'ask_change', field: null, reason: 'Say why.' }
  expect(await outcomeOf(await decideAsked(deps, 'approver', other, change))).toEqual({ status: 200, code: null })
})
