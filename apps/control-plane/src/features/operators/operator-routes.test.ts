import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

describe('GET /operator/operators/me, 200', () => {
  test('answers the operator that the assertion names, with the role of our own table', async () => {
    const answer = await deps.asOperator('approver').get('/operator/operators/me')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toEqual({ operator_id: deps.operatorIds.approver, name: 'approver', role: 'approver', enabled: true })
  })
})

describe('GET /operator/operators/me, 403', () => {
  test('refuses a disabled operator with a code that ends the session', async () => {
    const disabled = await deps.addOperator({ name: 'gone', role: 'admin', enabled: false })
    const answer = await deps.asOperator(disabled).get('/operator/operators/me')
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'operator_disabled' })
  })
})
