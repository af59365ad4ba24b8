import { sql } from 'drizzle-orm'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectStatus, outcomeOf } from '../../test/ledger-story.ts'
import { openTestDeps } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { askAndSignAct, askChallenge, enrol, makeAuthenticator } from '../../test/passkey-story.ts'

let deps: TestDeps
let people = 0
beforeAll(async () => {
  deps = await openTestDeps()
})
afterEach(() => {
  Object.assign(deps.settings, { stepUp: 'preferred' })
})
afterAll(() => deps.close())

const addPerson = async () => deps.addOperator({ name: `person ${(people += 1)}`, role: 'approver' })
const namesOf = async (who: string) => {
  const answer = await expectStatus(await deps.asOperator(who).get('/operator/passkeys'), 200)
  return (answer as { items: { name: string }[] }).items.map(({ name }) => name)
}

describe('renaming a passkey', () => {
  it('gives an own one another name, and none of somebody else', async () => {
    const [person, other] = [await addPerson(), await addPerson()]
    const { credentialId } = await enrol(deps, person)
    await expectStatus(await deps.asOperator(person).post('/operator/passkeys/rename', { credential_id: credentialId, name: 'Desk' }), 200)
    const foreign = await deps.asOperator(other).post('/operator/passkeys/rename', { credential_id: credentialId, name: 'Mine' })
    expect(await outcomeOf(foreign)).toEqual({ status: 404, code: 'not_found' })
    expect(await namesOf(person)).toEqual(['Desk'])
  })
})

describe('removing a passkey', () => {
  it('needs a signature of one of them, over exactly that one', async () => {
    const person = await addPerson()
    const first = await enrol(deps, person)
    const second = await enrol(deps, person, { with: first, name: 'Second' })
    const remove = (signature?: object) =>
      deps.asOperator(person).post('/operator/passkeys/remove', { credential_id: second.credentialId, signature })
    expect(await outcomeOf(await remove())).toEqual({ status: 403, code: 'step_up_required' })
    const wrong = await askAndSignAct(deps, person, first, { purpose: 'passkey_remove', credential_id: first.credentialId })
    expect(await outcomeOf(await remove(wrong))).toEqual({ status: 403, code: 'signature_refused' })
    expect(await namesOf(person)).toHaveLength(2)
    const right = await askAndSignAct(deps, person, second, { purpose: 'passkey_remove', credential_id: second.credentialId })
    await expectStatus(await remove(right), 200)
    expect(await namesOf(person)).toHaveLength(1)
    expect(await outcomeOf(await remove(right))).toEqual({ status: 404, code: 'not_found' })
  })

  it('leaves the last one, where people work with passkeys only', async () => {
    const person = await addPerson()
    const only = await enrol(deps, person)
    const asked = { purpose: 'passkey_remove', credential_id: only.credentialId } as const
    const remove = async () =>
      deps.asOperator(person).post('/operator/passkeys/remove', {
        credential_id: only.credentialId,
        signature: await askAndSignAct(deps, person, only, asked),
      })
    Object.assign(deps.settings, { stepUp: 'passkey' })
    expect(await outcomeOf(await remove())).toEqual({ status: 409, code: 'last_passkey' })
    Object.assign(deps.settings, { stepUp: 'preferred' })
    await expectStatus(await remove(), 200)
  })
})

describe('resetting the passkeys of somebody else', () => {
  const reset = (who: string, operatorId: string) =>
    deps.asOperator(who).post(`/operator/operators/${operatorId}/passkeys/reset`, { reason: 'Lost.' })

  it('takes all out of use, ends sessions of before, and lets a first one be made within a day', async () => {
    const person = await addPerson()
    const first = await enrol(deps, person)
    await enrol(deps, person, { with: first })
    await deps.db.execute(sql`UPDATE control_plane.operator SET may_enrol_until = NULL WHERE operator_id = ${person}`)
    const versionOf = async () => {
      const found = await deps.db.execute(sql`SELECT version FROM control_plane.operator WHERE operator_id = ${person}`)
      return (found.rows[0] as { version: number }).version
    }
    const before = await versionOf()
    const answer = (await expectStatus(await reset('admin', person), 200)) as { removed_count: number; may_enrol_until: string }
    expect(answer.removed_count).toBe(2)
    expect(Date.parse(answer.may_enrol_until) - Date.now()).toBeGreaterThan(23 * 3_600_000)
    expect(await versionOf()).toBe(before + 1)
    expect(await namesOf(person)).toEqual([])
    expect(await expectStatus(await deps.asOperator(person).get('/operator/passkeys'), 200)).toMatchObject({
      last_reset: { at: expect.any(String), by: { operator_id: deps.operatorIds.admin, name: 'admin' }, reason: 'Lost.' },
    })
    const ended = await deps.db.execute(
      sql`SELECT sessions_since > clock_timestamp() - interval '1 minute' AS over FROM control_plane.operator WHERE operator_id = ${person}`,
    )
    expect(ended.rows).toEqual([{ over: true }])
    const told = await deps.db.execute(sql`SELECT type, resource_id, version FROM control_plane.event ORDER BY id DESC LIMIT 1`)
    expect(told.rows).toEqual([{ type: 'operator.changed', resource_id: person, version: before + 1 }])
    await enrol(deps, person, { authAgeSeconds: 0 })
  })

  it('lets no session of before make the first one, however long enrolment is open', async () => {
    const person = await addPerson()
    await enrol(deps, person)
    const { nonce } = await askChallenge(deps, person, { purpose: 'passkey_remove', credential_id: 'AAAA' })
    await expectStatus(await reset('admin', person), 200)
    const refused = { status: 403, code: 'enrolment_closed' }
    const thief = deps.asOperator(person, { authAgeSeconds: 10 })
    expect(await outcomeOf(await thief.post('/operator/challenges', { purpose: 'passkey_add' }))).toEqual(refused)
    const body = { nonce, name: 'Mine now', attestation: makeAuthenticator(deps).create(nonce) }
    expect(await outcomeOf(await thief.post('/operator/passkeys', body))).toEqual(refused)
    const asked = await askChallenge(deps, person, { purpose: 'passkey_add' }, { authAgeSeconds: 0 })
    const late = { nonce: asked.nonce, name: 'Mine now', attestation: makeAuthenticator(deps).create(asked.nonce) }
    expect(await outcomeOf(await thief.post('/operator/passkeys', late))).toEqual(refused)
    await enrol(deps, person, { authAgeSeconds: 0 })
  })

  it('is for admins, about others who are there', async () => {
    const person = await addPerson()
    expect(await outcomeOf(await reset(person, deps.operatorIds.admin))).toEqual({ status: 403, code: 'role_missing' })
    expect(await outcomeOf(await reset('admin', deps.operatorIds.admin))).toEqual({ status: 403, code: 'self_approval' })
    expect(await outcomeOf(await reset('admin', 'op_00000000-0000-0000-0000-000000000000'))).toEqual({ status: 404, code: 'not_found' })
  })
})

describe('a challenge', () => {
  it('names the own passkeys and what the act takes, and asks the role that the act asks', async () => {
    const person = await addPerson()
    const { credentialId } = await enrol(deps, person)
    expect(await askChallenge(deps, person, { purpose: 'passkey_remove', credential_id: credentialId })).toMatchObject({
      rp_id: 'localhost',
      credentials: [{ credential_id: credentialId, transports: ['internal'] }],
      step_up: 'passkey',
      user: null,
    })
    const release = { purpose: 'brake_release', brake_id: 'brk_x' }
    expect(await outcomeOf(await deps.asOperator(person).post('/operator/challenges', release))).toEqual({ status: 403, code: 'role_missing' })
    expect(await askChallenge(deps, 'admin', release)).toMatchObject({ step_up: 'preferred' })
  })

  it('of an action that the person may not see is not found', async () => {
    const asked = { purpose: 'approve', action_id: 'act_00000000-0000-0000-0000-000000000000', revision: 1, payload_hash: 'e'.repeat(64) }
    expect(await outcomeOf(await deps.asOperator('approver').post('/operator/challenges', asked))).toEqual({ status: 404, code: 'not_found' })
  })
})
