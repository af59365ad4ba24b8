import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectStatus, outcomeOf } from '../../test/ledger-story.ts'
import { openTestDeps, shiftedClock } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { askAndSignAct, askChallenge, enrol, makeAuthenticator, signAct } from '../../test/passkey-story.ts'
import type { KeyKind, Lies } from '../../test/software-authenticator.ts'

let deps: TestDeps
let aheadSeconds = 0
let people = 0
beforeAll(async () => {
  deps = await openTestDeps({ now: shiftedClock(() => aheadSeconds) })
})
beforeEach(() => {
  aheadSeconds = 0
})
afterAll(() => deps.close())

const addPerson = async () => deps.addOperator({ name: `person ${(people += 1)}`, role: 'approver' })
const listOwn = async (who: string) => {
  const answer = await expectStatus(await deps.asOperator(who).get('/operator/passkeys'), 200)
  return answer as { items: { credential_id: string; name: string; last_used_at: string | null }[]; may_enrol_until: string | null }
}
const lastAudit = async () => {
  const found = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event ORDER BY seq DESC LIMIT 1`)
  return JSON.parse((found.rows[0] as { event: string }).event) as Record<string, unknown>
}

describe('the first passkey', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] satisfies KeyKind[])('is enrolled with its key, name and proof (%s), and is in the audit log', async (kind) => {
    const person = await addPerson()
    const authenticator = makeAuthenticator(deps, { kind })
    await enrol(deps, person, { authenticator, name: 'The blue one' })
    expect(await listOwn(person)).toMatchObject({ items: [{ credential_id: authenticator.credentialId, name: 'The blue one', last_used_at: null }] })
    const stored = await deps.db.execute(
      sql`SELECT algorithm, octet_length(attestation_object) > 100 AS kept FROM control_plane.passkey WHERE credential_id = ${authenticator.credentialId}`,
    )
    expect(stored.rows).toEqual([{ algorithm: { ES256: -7, EdDSA: -8, RS256: -257 }[kind], kept: true }])
    expect(await lastAudit()).toMatchObject({
      event_type: 'passkey.added',
      auth_principal_id: person,
      external_object_id: authenticator.credentialId,
      proof: null,
    })
  })

  it('is made while the time for it lasts, and not a moment later', async () => {
    const person = await addPerson()
    await deps.db.execute(
      sql`UPDATE control_plane.operator SET may_enrol_until = clock_timestamp() + interval '1 hour' WHERE operator_id = ${person}`,
    )
    const { nonce } = await askChallenge(deps, person, { purpose: 'passkey_add' })
    aheadSeconds = 3_601
    expect(await outcomeOf(await deps.asOperator(person).post('/operator/challenges', { purpose: 'passkey_add' }))).toEqual({
      status: 403,
      code: 'enrolment_closed',
    })
    const attestation = makeAuthenticator(deps).create(nonce)
    expect(await outcomeOf(await deps.asOperator(person).post('/operator/passkeys', { nonce, name: 'Late', attestation }))).toEqual({
      status: 403,
      code: 'enrolment_closed',
    })
    expect(await listOwn(person)).toMatchObject({ items: [], may_enrol_until: null })
    aheadSeconds = 0
    await enrol(deps, person)
  })

  it('ends the time for it: whoever removes it makes no other first one without an admin', async () => {
    const person = await addPerson()
    const only = await enrol(deps, person)
    const signature = await askAndSignAct(deps, person, only, { purpose: 'passkey_remove', credential_id: only.credentialId })
    await expectStatus(await deps.asOperator(person).post('/operator/passkeys/remove', { credential_id: only.credentialId, signature }), 200)
    expect(await listOwn(person)).toMatchObject({ items: [], may_enrol_until: null })
    const again = await deps.asOperator(person).post('/operator/challenges', { purpose: 'passkey_add' })
    expect(await outcomeOf(again)).toEqual({ status: 403, code: 'enrolment_closed' })
  })

  it('is not made by somebody whom nobody ever let', async () => {
    const person = await addPerson()
    await deps.db.execute(sql`UPDATE control_plane.operator SET may_enrol_until = NULL WHERE operator_id = ${person}`)
    expect(await outcomeOf(await deps.asOperator(person).post('/operator/challenges', { purpose: 'passkey_add' }))).toEqual({
      status: 403,
      code: 'enrolment_closed',
    })
  })

  it('is the only one without an endorsement, whoever writes the row', async () => {
    const person = await addPerson()
    await enrol(deps, person)
    const other = await addPerson()
    const otherFirst = await enrol(deps, other)
    await enrol(deps, other, { with: otherFirst })
    const copy = (
      endorsedBy: SQL,
    ) => sql`INSERT INTO control_plane.passkey (credential_id, operator_id, name, public_key, algorithm, counter, transports,
        backed_up, attestation_object, client_data, created_at, rp_id, origin, endorsed_by)
      SELECT 'planted', operator_id, name, public_key, algorithm, counter, transports, backed_up, attestation_object, client_data, created_at, rp_id, origin,
        ${endorsedBy} FROM control_plane.passkey WHERE operator_id = ${person}`
    const refusal = async (statement: SQL) =>
      deps.db.execute(statement).then(
        () => null,
        (error: Error & { cause?: Error }) => error.cause?.message ?? error.message,
      )
    expect(await refusal(copy(sql`NULL`))).toContain('a further passkey is endorsed by one there is')
    // What somebody else signed endorses nothing of theirs.
    const signedByOther = sql`(SELECT endorsed_by FROM control_plane.passkey WHERE operator_id = ${other} AND endorsed_by IS NOT NULL)`
    expect(await refusal(copy(signedByOther))).toContain('signed by the same person')
  })

  const lies: [what: string, lies: Lies][] = [
    ['made for another nonce', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['made at another origin', { origin: 'http://localhost.elsewhere.example' }],
    ['made for another relying party', { rpId: 'elsewhere.example' }],
    ['made inside a page of another origin', { crossOrigin: true }],
    ['made without checking who it is', { userVerified: false }],
    ['made with nobody there', { userPresent: false, userVerified: false }],
    ['that is an assertion', { type: 'webauthn.get' }],
    ['with a certificate of its maker', { fmt: 'packed', x5c: [Buffer.from('certificate')] }],
    ['of a format with certificates', { fmt: 'tpm' }],
    ['of an algorithm that nobody asked for', { algorithm: -37 }],
    ['that is about another credential', { credentialId: Buffer.alloc(32, 7).toString('base64url') }],
  ]
  it.each(lies)('is refused when it was %s', async (_, lies) => {
    const person = await addPerson()
    const { nonce } = await askChallenge(deps, person, { purpose: 'passkey_add' })
    const authenticator = makeAuthenticator(deps)
    const send = (attestation: object) => deps.asOperator(person).post('/operator/passkeys', { nonce, name: 'A', attestation })
    expect(await outcomeOf(await send(authenticator.create(nonce, lies)))).toEqual({ status: 403, code: 'signature_refused' })
    expect(await lastAudit()).toMatchObject({ event_type: 'passkey.add_refused', error_code: 'signature_refused', result_status: 'refused' })
    expect((await listOwn(person)).items).toEqual([])
    // The nonce stays used: the honest one that comes after it needs another.
    expect(await outcomeOf(await send(authenticator.create(nonce)))).toEqual({ status: 409, code: 'challenge_refused' })
    await enrol(deps, person, { authenticator })
  })
})

describe('the nonce', () => {
  const send = (who: string, nonce: string, attestedNonce = nonce) =>
    deps.asOperator(who).post('/operator/passkeys', { nonce, name: 'A', attestation: makeAuthenticator(deps).create(attestedNonce) })
  const refused = { status: 409, code: 'challenge_refused' }

  it('of somebody else is refused, and stays theirs', async () => {
    const [person, other] = [await addPerson(), await addPerson()]
    const { nonce } = await askChallenge(deps, other, { purpose: 'passkey_add' })
    expect(await outcomeOf(await send(person, nonce))).toEqual(refused)
    await expectStatus(await send(other, nonce), 201)
  })

  it('is refused when its time is over', async () => {
    const person = await addPerson()
    const { nonce } = await askChallenge(deps, person, { purpose: 'passkey_add' })
    aheadSeconds = 121
    expect(await outcomeOf(await send(person, nonce))).toEqual(refused)
  })

  it('is refused when nobody made it, and when it was made for something else', async () => {
    const person = await addPerson()
    expect(await outcomeOf(await send(person, Buffer.alloc(32, 3).toString('base64url')))).toEqual(refused)
    const other = await askChallenge(deps, person, { purpose: 'passkey_remove', credential_id: 'AAAA' })
    expect(await outcomeOf(await send(person, other.nonce))).toEqual(refused)
  })
})

describe('a further passkey', () => {
  it('is signed by one that is there', async () => {
    const person = await addPerson()
    const first = await enrol(deps, person)
    const second = await enrol(deps, person, { with: first, name: 'The second' })
    expect((await listOwn(person)).items.map(({ credential_id }) => credential_id)).toEqual([first.credentialId, second.credentialId])
    expect(await lastAudit()).toMatchObject({ event_type: 'passkey.added', proof: { strength: 'passkey', credential_id: first.credentialId } })
  })

  it('is not made with a session alone', async () => {
    const person = await addPerson()
    await enrol(deps, person)
    const { nonce } = await askChallenge(deps, person, { purpose: 'passkey_add' })
    const body = { nonce, name: 'B', attestation: makeAuthenticator(deps).create(nonce) }
    const answer = await deps.asOperator(person).post('/operator/passkeys', body)
    expect(answer.status).toBe(403)
    expect(await answer.json()).toMatchObject({ code: 'step_up_required', needs: 'passkey' })
  })

  it('is not signed by somebody else, by itself, or under another name', async () => {
    const [person, other] = [await addPerson(), await addPerson()]
    const own = await enrol(deps, person)
    const foreign = await enrol(deps, other)
    for (const [signer, name] of [
      [foreign, 'B'],
      [makeAuthenticator(deps), 'B'],
      [own, 'Another name'],
    ] as const) {
      const { nonce } = await askChallenge(deps, person, { purpose: 'passkey_add' })
      const added = makeAuthenticator(deps)
      const signature = signAct(signer, person, 'passkey_add', { credential_id: added.credentialId, name }, nonce)
      const body = { nonce, name: 'B', attestation: added.create(nonce), signature }
      expect(await outcomeOf(await deps.asOperator(person).post('/operator/passkeys', body))).toEqual({ status: 403, code: 'signature_refused' })
    }
    expect((await listOwn(person)).items).toHaveLength(1)
  })

  it('is another one: the same credential is enrolled once, for everybody', async () => {
    const [person, other] = [await addPerson(), await addPerson()]
    const authenticator = await enrol(deps, person)
    const { nonce } = await askChallenge(deps, other, { purpose: 'passkey_add' })
    const body = { nonce, name: 'Mine too', attestation: authenticator.create(nonce) }
    expect(await outcomeOf(await deps.asOperator(other).post('/operator/passkeys', body))).toEqual({ status: 409, code: 'passkey_exists' })
  })

  it('is the tenth at most', async () => {
    const person = await addPerson()
    const first = await enrol(deps, person)
    for (let count = 1; count < 10; count += 1) await enrol(deps, person, { with: first })
    const { nonce } = await askChallenge(deps, person, { purpose: 'passkey_add' })
    const eleventh = makeAuthenticator(deps)
    const signature = signAct(first, person, 'passkey_add', { credential_id: eleventh.credentialId, name: 'B' }, nonce)
    const body = { nonce, name: 'B', attestation: eleventh.create(nonce), signature }
    expect(await outcomeOf(await deps.asOperator(person).post('/operator/passkeys', body))).toEqual({ status: 409, code: 'too_many_passkeys' })
  })

  it('of two first ones at the same moment one is made', async () => {
    const person = await addPerson()
    const made = await Promise.all(
      [0, 1].map(async () => ({
        nonce: (await askChallenge(deps, person, { purpose: 'passkey_add' })).nonce,
        authenticator: makeAuthenticator(deps),
      })),
    )
    const answers = await Promise.all(
      made.map(({ nonce, authenticator }) =>
        deps.asOperator(person).post('/operator/passkeys', { nonce, name: 'A', attestation: authenticator.create(nonce) }),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 403])
  })
})
