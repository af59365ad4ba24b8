import { randomUUID } from 'node:crypto'
import type { AuditEntry } from '@autopack/contract/audit'
import type { OperatorEntry } from '@autopack/contract/people'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'

let deps: TestDeps
let ahead = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => ahead) })
})
afterAll(() => deps.close())
beforeEach(() => {
  ahead = 0
})

type Issued = { operator: OperatorEntry; secret: string; expires_at: string }
const reason = 'A test says so.'
const admin = () => deps.asOperator('admin')
const uniqueName = () => `person ${randomUUID().slice(0, 8)}`
const invite = (body: object) => admin().post('/operator/operators', body)
const inviteOk = async (role = 'viewer') => (await (await invite({ name: uniqueName(), role })).json()) as Issued
const act = (who: string, operatorId: string, what: string, body: object = { reason }) =>
  deps.asOperator(who).post(`/operator/operators/${operatorId}/${what}`, body)
const accept = (token: string) => deps.asOperator('console').post('/operator/invite', { token })
const read = (token: string) => deps.asOperator('console').post('/operator/invite/read', { token })
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code?: string }).code]
const listAll = async (who = 'admin') => ((await (await deps.asOperator(who).get('/operator/operators')).json()) as { items: OperatorEntry[] }).items
const find = async (operatorId: string) => (await listAll()).find(({ operator_id }) => operator_id === operatorId)!
const me = (operatorId: string) => deps.asOperator(operatorId).get('/operator/operators/me')
const signedIn = (operatorId: string) =>
  deps.asOperator('console').post('/operator/sign-in-events', {
    events: [{ delivery_id: randomUUID(), kind: 'signed_in', operator_id: operatorId, name: 'x', at: '2026-11-22T12:00:00.000Z', detail: '' }],
  })
async function listAudit(eventType: string, about: string): Promise<AuditEntry['event'][]> {
  const answer = await admin().get(`/operator/audit?q=did:${eventType}&limit=100`)
  const { items } = (await answer.json()) as { items: AuditEntry[] }
  return items.map(({ event }) => event).filter(({ external_object_id }) => external_object_id === about)
}

describe('an invite', () => {
  test('is 72 hours long, its secret is stored nowhere, and until it is accepted the person may do nothing', async () => {
    const { operator, secret, expires_at } = await inviteOk('approver')
    expect(operator).toMatchObject({ role: 'approver', state: 'invited', is_self: false })
    expect(operator.administration).toMatchObject({ joined_at: null, last_seen_at: null, invite: { state: 'open', expires_at } })
    expect((Date.parse(expires_at) - Date.now()) / 3_600_000).toBeCloseTo(72, 1)
    expect(secret).toMatch(/^inv_[0-9a-f]{64}_[0-9a-f]{8}$/)
    const kept = await deps.db.execute(
      sql`SELECT i::text FROM control_plane.operator_invite i UNION ALL SELECT event FROM control_plane.audit_event WHERE event LIKE '%invited%'`,
    )
    expect(JSON.stringify(kept.rows)).not.toContain(secret.slice(4, 40))
    expect(await codeOf(await me(operator.operator_id))).toEqual([403, 'operator_disabled'])
    expect((await listAudit('operator.invited', operator.operator_id))[0]).toMatchObject({ auth_principal_id: deps.operatorIds.admin })
  })

  test('accepted, lets the person in with a day to make a first passkey, and tells nobody its secret', async () => {
    const { operator, secret } = await inviteOk('approver')
    expect(await (await read(secret)).json()).toMatchObject({ name: operator.name, role: 'approver', invited_by: 'admin' })
    const accepted = await accept(secret)
    expect(await accepted.json()).toEqual({ operator_id: operator.operator_id, name: operator.name, role: 'approver', enabled: true })
    expect((await me(operator.operator_id)).status).toBe(200)
    const found = await deps.db.execute(
      sql`SELECT may_enrol_until > clock_timestamp() + interval '23 hours' AS open FROM control_plane.operator WHERE operator_id = ${operator.operator_id}`,
    )
    expect(found.rows).toEqual([{ open: true }])
    const listed = await find(operator.operator_id)
    expect(listed).toMatchObject({ state: 'enabled', administration: { invite: null, passkey_count: 0 } })
    expect(listed.administration!.last_seen_at).not.toBeNull()
    expect(await listAudit('operator.joined', operator.operator_id)).toHaveLength(1)
  })

  test('answers the same person again until they have signed in, and is worth nothing afterwards', async () => {
    const { operator, secret } = await inviteOk()
    await accept(secret)
    expect((await accept(secret)).status).toBe(200)
    expect(await listAudit('operator.joined', operator.operator_id)).toHaveLength(1)
    await signedIn(operator.operator_id)
    expect(await codeOf(await accept(secret))).toEqual([403, 'invite_refused'])
  })

  test('wrong, too old, replaced and taken back gets one and the same answer', async () => {
    const answerOf = async (answer: Response) => {
      const { request_id: _, ...problem } = (await answer.json()) as Record<string, unknown>
      return problem
    }
    const wrong = await answerOf(await accept('inv_nothing'))
    const replaced = await inviteOk()
    const again = (await (await act('admin', replaced.operator.operator_id, 'invite')).json()) as Issued
    const takenBack = await inviteOk()
    expect((await act('admin', takenBack.operator.operator_id, 'disable')).status).toBe(200)
    const old = await inviteOk()
    expect(wrong).toMatchObject({ code: 'invite_refused', status: 403 })
    expect(await answerOf(await accept(replaced.secret))).toEqual(wrong)
    expect(await answerOf(await read(replaced.secret))).toEqual(wrong)
    expect(await answerOf(await accept(takenBack.secret))).toEqual(wrong)
    ahead = 72 * 3_600 + 1
    expect(await answerOf(await accept(old.secret))).toEqual(wrong)
    expect((await find(old.operator.operator_id)).administration!.invite).toMatchObject({ state: 'expired' })
    ahead = 0
    expect((await accept(again.secret)).status).toBe(200)
  })

  test('racing with itself lets one person in once', async () => {
    const { operator, secret } = await inviteOk()
    const answers = await Promise.all([accept(secret), accept(secret), accept(secret)])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await listAudit('operator.joined', operator.operator_id)).toHaveLength(1)
  })

  test('is not given to a name that reads like that of somebody who is here', async () => {
    const { operator } = await inviteOk()
    for (const name of [operator.name, operator.name.toUpperCase(), ` ${operator.name} `, operator.name.replace('person', 'ｐerson')])
      expect(await codeOf(await invite({ name, role: 'viewer' }))).toEqual([409, 'name_taken'])
  })

  test('is refused for a name that looks like that of somebody who is here', async () => {
    const { operator } = await inviteOk()
    const { name } = operator
    for (const other of [name.replace('o', 'о'), name.replace('e', 'é'), name.replace('o', '0'), name.replace(' ', '')]) {
      expect(other).not.toBe(name)
      expect(await codeOf(await invite({ name: other, role: 'viewer' }))).toEqual([409, 'name_taken'])
    }
  })

  test('cannot be accepted by a person, and by nobody whose console holds no key', async () => {
    const { secret } = await inviteOk()
    expect(await codeOf(await deps.asOperator('admin').post('/operator/invite', { token: secret }))).toEqual([403, 'role_missing'])
  })

  test('is a way back in for somebody who was cut off before their password: after another one, or after being disabled', async () => {
    const { operator, secret } = await inviteOk()
    const { operator_id } = operator
    await accept(secret)
    const again = (await (await act('admin', operator_id, 'invite')).json()) as Issued
    expect(await codeOf(await accept(secret))).toEqual([403, 'invite_refused'])
    expect((await accept(again.secret)).status).toBe(200)
    await act('admin', operator_id, 'disable')
    expect(await codeOf(await accept(again.secret))).toEqual([403, 'invite_refused'])
    await act('admin', operator_id, 'enable')
    const last = (await (await act('admin', operator_id, 'invite')).json()) as Issued
    expect((await accept(last.secret)).status).toBe(200)
    await signedIn(operator_id)
    await act('admin', operator_id, 'disable')
    await act('admin', operator_id, 'enable')
    expect(await codeOf(await act('admin', operator_id, 'invite'))).toEqual([409, 'already_joined'])
  })

  test.each(['disable', 'role', 'passkeys/reset'])(
    'ends with the standing of the admin who made it, begun or not; invites of others stay: %s',
    async (how) => {
      const inviter = await deps.addOperator({ name: uniqueName(), role: 'admin' })
      const inviteBy = async (who: string) =>
        (await (await deps.asOperator(who).post('/operator/operators', { name: uniqueName(), role: 'admin' })).json()) as Issued
      const [open, begun, other] = [await inviteBy(inviter), await inviteBy(inviter), await inviteBy('admin')]
      await accept(begun.secret)
      expect((await act('admin', inviter, how, { reason, ...(how === 'role' && { role: 'approver' }) })).status).toBe(200)
      for (const { secret } of [open, begun]) expect(await codeOf(await accept(secret))).toEqual([403, 'invite_refused'])
      expect((await accept(other.secret)).status).toBe(200)
      for (const id of [begun.operator.operator_id, other.operator.operator_id, inviter]) await act('admin', id, 'disable')
      const type = { disable: 'operator.disabled', role: 'operator.role_set', 'passkeys/reset': 'passkey.reset' }[how]!
      expect((await listAudit(type, inviter))[0]).toMatchObject({ payload_summary: expect.stringContaining('made that are void: 2') })
    },
  )

  test('of somebody who has come in is not issued again', async () => {
    expect(await codeOf(await act('admin', deps.operatorIds.viewer, 'invite'))).toEqual([409, 'already_joined'])
  })
})

describe('a change of role', () => {
  test('holds from the next request on, ends sessions of before, and is in the audit log with its reason', async () => {
    const operatorId = await deps.addOperator({ name: uniqueName(), role: 'viewer' })
    const before = await standingOf(operatorId)
    const answer = await act('admin', operatorId, 'role', { role: 'approver', reason })
    expect(await answer.json()).toMatchObject({ role: 'approver', administration: { version: 1 } })
    const after = await standingOf(operatorId)
    expect([before.sessions_since, after.role]).toEqual([null, 'approver'])
    expect(Math.abs(Date.parse(after.sessions_since!) - Date.now())).toBeLessThan(60_000)
    expect((await listAudit('operator.role_set', operatorId))[0]).toMatchObject({
      reason,
      payload_summary: expect.stringContaining('viewer → approver'),
    })
  })

  test('403: nobody changes their own, admins included, and the attempt is recorded', async () => {
    expect(await codeOf(await act('admin', deps.operatorIds.admin, 'role', { role: 'viewer', reason }))).toEqual([403, 'own_role'])
    expect((await listAudit('operator.change_refused', deps.operatorIds.admin))[0]).toMatchObject({ error_code: 'own_role', reason })
  })
})

describe('disabling', () => {
  test('acts on the next request; enabling lets in again, but no session of before', async () => {
    const operatorId = await deps.addOperator({ name: uniqueName(), role: 'approver' })
    expect(await (await act('admin', operatorId, 'disable')).json()).toMatchObject({ state: 'disabled' })
    expect(await codeOf(await me(operatorId))).toEqual([403, 'operator_disabled'])
    const since = (await standingOf(operatorId)).sessions_since
    expect(since).not.toBeNull()
    expect(await (await act('admin', operatorId, 'enable')).json()).toMatchObject({ state: 'enabled' })
    expect((await me(operatorId)).status).toBe(200)
    expect((await standingOf(operatorId)).sessions_since! >= since!).toBe(true)
  })

  test('leaves their executors nothing to begin, tells how many live keys they have, and lets them report', async () => {
    const operatorId = await deps.addOperator({ name: uniqueName(), role: 'viewer' })
    const { key, name } = await deps.addExecutor({ name: `of-${operatorId.slice(3, 11)}`, ownerOperatorId: operatorId })
    expect(await (await act('admin', operatorId, 'disable')).json()).toMatchObject({ administration: { live_key_count: 1 } })
    expect((await listAudit('operator.disabled', operatorId))[0]).toMatchObject({ payload_summary: expect.stringContaining('nothing new: 1') })
    const executor = deps.asExecutor(key)
    for (const target of [
      '/external-actions',
      '/runs/start',
      '/approval/request',
      '/governance/request',
      `/external-actions/act_${randomUUID()}/claim`,
    ]) {
      const answer = await executor.post(target, {}, { 'idempotency-key': 'nothing-new' })
      expect([target, answer.status, await answer.json()]).toMatchObject([
        target,
        403,
        { code: 'key_refused', detail: expect.stringContaining('owner') },
      ])
    }
    expect((await executor.get('/runs')).status).toBe(200)
    expect(await codeOf(await executor.post(`/external-actions/act_${randomUUID()}/heartbeat`, { fence: 1 }))).not.toContain('key_refused')
    expect(await codeOf(await admin().post('/operator/executor-keys', { executor_name: name }))).toEqual([409, 'operator_not_enabled'])
    await act('admin', operatorId, 'enable')
    expect(await codeOf(await executor.post('/runs/start', {}))).not.toContain('key_refused')
  })

  test('twice changes nothing the second time and is audited once', async () => {
    const operatorId = await deps.addOperator({ name: uniqueName(), role: 'viewer' })
    await act('admin', operatorId, 'disable')
    expect((await act('admin', operatorId, 'disable')).status).toBe(200)
    expect(await listAudit('operator.disabled', operatorId)).toHaveLength(1)
  })

  test('409: the last admin stays, whoever asks, and of two who disable each other at once one stays', async () => {
    expect(await codeOf(await act('admin', deps.operatorIds.admin, 'disable'))).toEqual([409, 'last_admin'])
    const second = await deps.addOperator({ name: uniqueName(), role: 'admin' })
    const answers = await Promise.all([act('admin', second, 'disable'), act(second, deps.operatorIds.admin, 'disable')])
    const admins = await deps.db.execute(sql`SELECT operator_id FROM control_plane.operator WHERE role = 'admin' AND enabled`)
    expect(admins.rows).toHaveLength(1)
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 403])
    if (answers[1].status === 200) await act(second, deps.operatorIds.admin, 'enable').then(() => act('admin', second, 'disable'))
  })

  test('409: nobody who has never come in is enabled by hand', async () => {
    const { operator } = await inviteOk()
    expect(await codeOf(await act('admin', operator.operator_id, 'enable'))).toEqual([409, 'not_joined'])
  })

  test('404: nobody has this id', async () => {
    for (const what of ['disable', 'enable', 'invite'])
      expect(await codeOf(await act('admin', 'op_00000000-0000-4000-8000-00000000dead', what))).toEqual([404, 'not_found'])
  })

  test.each(['disable', 'enable', 'invite', 'role'])('400: %s wants a reason', async (what) => {
    expect(await codeOf(await act('admin', deps.operatorIds.viewer, what, { role: 'viewer', reason: '  ' }))).toEqual([400, 'invalid_request'])
  })
})

describe('the list', () => {
  test('of others than admins has who is enabled, with name and role and nothing else', async () => {
    const { operator } = await inviteOk()
    const gone = await deps.addOperator({ name: uniqueName(), role: 'viewer', enabled: false })
    const items = await listAll('viewer')
    expect(items.every(({ administration, state }) => administration === null && state === 'enabled')).toBe(true)
    const ids = items.map(({ operator_id }) => operator_id)
    expect(ids).toEqual(expect.arrayContaining([deps.operatorIds.admin, deps.operatorIds.viewer]))
    expect(ids).not.toContain(operator.operator_id)
    expect(ids).not.toContain(gone)
  })

  test('says of each person what may be done to them, and why not', async () => {
    const own = (await find(deps.operatorIds.admin)).administration!.allowed_actions
    expect(own).toEqual([
      { action: 'set_role', allowed: false, why: 'Nobody changes their own role. Ask another admin.' },
      { action: 'disable', allowed: false, why: 'admin is the last admin. Make somebody else an admin first.' },
      { action: 'enable', allowed: false, why: 'admin is enabled already.' },
      { action: 'reissue_invite', allowed: false, why: 'admin has come in already. Whoever runs the server can reset a lost password.' },
    ])
  })
})

async function standingOf(operatorId: string) {
  const answer = await deps.asOperator('console').get('/operator/standings')
  const { items } = (await answer.json()) as { items: { operator_id: string; role: string; sessions_since: string | null }[] }
  return items.find(({ operator_id }) => operator_id === operatorId)!
}
