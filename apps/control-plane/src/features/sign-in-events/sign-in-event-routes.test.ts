import { randomUUID } from 'node:crypto'
import type { AuditEntry } from '@autopack/contract/audit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import type { SignInEvent } from './record-sign-in-event.ts'

let deps: TestDeps
beforeAll(async () => {
  deps = await openTestDeps()
})
afterAll(() => deps.close())

const build = (change: Partial<SignInEvent> = {}): SignInEvent => ({
  delivery_id: randomUUID(),
  kind: 'signed_in',
  operator_id: deps.operatorIds.viewer,
  name: 'viewer',
  at: '2026-11-22T12:00:00.000Z',
  detail: 'password',
  ...change,
})
const deliver = (...events: SignInEvent[]) => deps.asOperator('console').post('/operator/sign-in-events', { events })

async function listLatest(who: 'admin' | 'approver' | 'viewer' = 'admin'): Promise<AuditEntry[]> {
  const answer = await deps.asOperator(who).get('/operator/audit?limit=20')
  return ((await answer.json()) as { items: AuditEntry[] }).items
}

describe('POST /operator/sign-in-events, 200', () => {
  test('each event becomes an audit event of the person it is about', async () => {
    const answer = await deliver(build(), build({ kind: 'signed_out' }))
    expect(await answer.json()).toEqual({ recorded: 2 })
    const [signedOut, signedIn] = await listLatest()
    expect(signedIn?.event).toMatchObject({
      event_type: 'sign_in.succeeded',
      auth_principal_type: 'operator',
      auth_principal_id: deps.operatorIds.viewer,
      auth_principal_name: 'viewer',
      result_status: 'ok',
      requested_at: '2026-11-22T12:00:00.000Z',
    })
    expect(signedOut?.event.event_type).toBe('session.ended')
  })

  test('delivered again, an event is not recorded again', async () => {
    const event = build()
    expect(await (await deliver(event)).json()).toEqual({ recorded: 1 })
    expect(await (await deliver(event, build())).json()).toEqual({ recorded: 1 })
  })

  test('a refused sign-in is nobody’s, whatever name was typed, and only admins read the name', async () => {
    await deliver(build({ kind: 'sign_in_refused', operator_id: null, name: 'my-password-by-mistake', code: 'too_many_attempts' }))
    const [latest] = await listLatest()
    expect(latest?.event).toMatchObject({
      event_type: 'sign_in.refused',
      auth_principal_type: 'anonymous',
      result_status: 'refused',
      error_code: 'too_many_attempts',
    })
    expect(JSON.stringify(await listLatest('viewer'))).not.toContain('my-password-by-mistake')
  })

  test('what the console refused to somebody who is signed in is theirs', async () => {
    await deliver(build({ kind: 'request_refused', code: 'malformed_json', detail: 'POST /api/auth/password: no JSON' }))
    expect((await listLatest('viewer'))[0]?.event).toMatchObject({
      event_type: 'request.refused',
      auth_principal_type: 'operator',
      auth_principal_id: deps.operatorIds.viewer,
      result_status: 'refused',
      error_code: 'malformed_json',
      payload_summary: 'POST /api/auth/password: no JSON',
    })
  })

  test('a password that was reset on the server is no act of the person whose it is', async () => {
    await deliver(build({ kind: 'password_reset', detail: 'by the command on the server' }))
    expect((await listLatest())[0]?.event).toMatchObject({
      event_type: 'password.reset',
      auth_principal_type: 'console',
      auth_principal_id: 'console',
      external_object_id: deps.operatorIds.viewer,
      payload_summary: 'of viewer, by the command on the server',
    })
  })

  test('people read their own sign-ins and not those of others', async () => {
    await deliver(build({ detail: 'only for the viewer' }))
    expect(JSON.stringify(await listLatest('viewer'))).toContain('only for the viewer')
    expect(JSON.stringify(await listLatest('approver'))).not.toContain('only for the viewer')
  })

  test('a moment that is none does not hold the event back', async () => {
    expect(await (await deliver(build({ at: 'yesterday' }))).json()).toEqual({ recorded: 1 })
    expect((await listLatest())[0]?.event.requested_at).toBeNull()
  })
})

describe('POST /operator/sign-in-events, 400', () => {
  test('more than a hundred at once', async () => {
    expect((await deliver(...Array.from({ length: 101 }, () => build()))).status).toBe(400)
  })
})
