import { generateKeyPairSync } from 'node:crypto'
import { approvalChallenge } from '@autopack/approval-proof/approval-statement'
import { signInChallenge } from '@autopack/approval-proof/sign-in-challenge'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectStatus, outcomeOf } from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { askAndSignAct, enrol, makeAuthenticator } from '../../test/passkey-story.ts'
import type { Lies, SoftwareAuthenticator } from '../../test/software-authenticator.ts'

let deps: TestDeps
let aheadSeconds = 0
let person: string
let passkey: SoftwareAuthenticator
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds) })
  person = await deps.addOperator({ name: 'Ada', role: 'approver' })
  passkey = await enrol(deps, person)
})
beforeEach(() => {
  aheadSeconds = 0
})
afterAll(() => deps.close())

const ask = async () => {
  const answer = await expectStatus(await deps.asOperator('console').post('/operator/passkey-sign-in/challenge', {}), 201)
  return (answer as { nonce: string }).nonce
}
const send = (nonce: string, assertion: object) => deps.asOperator('console').post('/operator/passkey-sign-in', { nonce, assertion })
const sign = async (by: SoftwareAuthenticator, nonce: string, lies: Lies = {}) => by.sign(await signInChallenge(nonce), lies)

describe('signing in with a passkey', () => {
  it('names the person whose passkey signed, with the role of our own table, and notes when it was used', async () => {
    const nonce = await ask()
    const answer = await expectStatus(await send(nonce, await sign(passkey, nonce)), 200)
    expect(answer).toEqual({ operator_id: person, name: 'Ada', role: 'approver', enabled: true })
    const used = await deps.db.execute(
      sql`SELECT counter > 1 AS moved, last_used_at IS NOT NULL AS noted FROM control_plane.passkey WHERE credential_id = ${passkey.credentialId}`,
    )
    expect(used.rows).toEqual([{ moved: true, noted: true }])
  })

  it('takes one nonce once, and not after its time', async () => {
    const nonce = await ask()
    await expectStatus(await send(nonce, await sign(passkey, nonce)), 200)
    expect(await outcomeOf(await send(nonce, await sign(passkey, nonce)))).toEqual({ status: 409, code: 'challenge_refused' })
    const late = await ask()
    aheadSeconds = 121
    expect(await outcomeOf(await send(late, await sign(passkey, late)))).toEqual({ status: 409, code: 'challenge_refused' })
  })

  it('takes no signature over the nonce itself, nor over what an approval signs', async () => {
    for (const challengeOf of [
      (nonce: string) => Buffer.from(nonce, 'base64url'),
      (nonce: string) => Buffer.from(nonce, 'utf8'),
      (nonce: string) => approvalChallenge(`{"nonce":"${nonce}"}`),
    ]) {
      const nonce = await ask()
      expect(await outcomeOf(await send(nonce, passkey.sign(challengeOf(nonce))))).toEqual({ status: 403, code: 'signature_refused' })
    }
  })

  const lies: [what: string, lies: Lies][] = [
    ['over another nonce', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['at another origin', { origin: 'https://elsewhere.example' }],
    ['for another relying party', { rpId: 'elsewhere.example' }],
    ['inside a page of another origin', { crossOrigin: true }],
    ['without checking who it is', { userVerified: false }],
    ['with a signature that was turned over', { breakSignature: true }],
    ['with the key of somebody else', { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey }],
    ['with a counter that stands still', { counter: 1 }],
  ]
  it.each(lies)('is refused %s, in the same words as always, and the audit log knows why', async (_, lies) => {
    const nonce = await ask()
    const answer = await send(nonce, await sign(passkey, nonce, lies))
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'signature_refused', detail: 'No passkey that may sign in here signed this.' })
    const found = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
    expect(JSON.parse((found.rows[0] as { event: string }).event)).toMatchObject({
      event_type: 'passkey.sign_in_refused',
      external_object_id: passkey.credentialId,
      auth_principal_type: 'console',
    })
  })

  it('is refused to whoever is disabled, to a passkey that was removed, and to one that nobody enrolled, alike', async () => {
    const gone = await deps.addOperator({ name: 'gone', role: 'admin' })
    const theirs = await enrol(deps, gone)
    await deps.db.execute(sql`UPDATE control_plane.operator SET enabled = false WHERE operator_id = ${gone}`)
    const removed = await enrol(deps, person, { with: passkey })
    const signature = await askAndSignAct(deps, person, passkey, { purpose: 'passkey_remove', credential_id: removed.credentialId })
    await expectStatus(await deps.asOperator(person).post('/operator/passkeys/remove', { credential_id: removed.credentialId, signature }), 200)
    const answers = []
    for (const one of [theirs, removed, makeAuthenticator(deps)]) {
      const nonce = await ask()
      const { request_id: _, ...problem } = (await (await send(nonce, await sign(one, nonce))).json()) as Record<string, unknown>
      answers.push(problem)
    }
    expect(answers[0]).toMatchObject({ code: 'signature_refused' })
    expect([answers[1], answers[2]]).toEqual([answers[0], answers[0]])
  })

  it('is for the console alone', async () => {
    expect(await outcomeOf(await deps.asOperator('admin').post('/operator/passkey-sign-in/challenge', {}))).toEqual({
      status: 403,
      code: 'role_missing',
    })
  })

  it('takes the challenge of no act, and no act takes one of signing in', async () => {
    const { nonce } = (await expectStatus(await deps.asOperator(person).post('/operator/challenges', { purpose: 'passkey_add' }), 201)) as {
      nonce: string
    }
    expect(await outcomeOf(await send(nonce, await sign(passkey, nonce)))).toEqual({ status: 409, code: 'challenge_refused' })
    const forSignIn = await ask()
    const body = { nonce: forSignIn, name: 'A', attestation: makeAuthenticator(deps).create(forSignIn) }
    const other = await deps.addOperator({ name: 'other', role: 'viewer' })
    expect(await outcomeOf(await deps.asOperator(other).post('/operator/passkeys', body))).toEqual({ status: 409, code: 'challenge_refused' })
  })
})
