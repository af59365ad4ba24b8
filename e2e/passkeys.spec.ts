/** Passkeys in a real browser with an authenticator of its own: what they sign counts, and nothing else does. On a console of its own. */
import { signInChallenge } from '@autopack/approval-proof/sign-in-challenge'
import { expect } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { test } from './control-test.ts'
import type { OwnConsole } from './control-test.ts'
import { askAsPage, expectAnswer } from './passkeys/ask-as-page.ts'
import { enrolFirst } from './passkeys/enrol-first.ts'
import { addAuthenticator } from './passkeys/own-authenticator.ts'
import type { OwnAuthenticator } from './passkeys/own-authenticator.ts'
import { removeKey } from './passkeys/remove-key.ts'
import { signAct } from './passkeys/sign-act.ts'
import type { Person } from './passkeys/sign-act.ts'
import { readFacts, signApproval } from './passkeys/sign-approval.ts'
import type { ApprovalBody, Facts } from './passkeys/sign-approval.ts'
import type { RoleName } from './running-console.ts'

test.describe.configure({ mode: 'serial' })
test.use({ ownFor: 'passkeys' })

let approver: Person
let admin: Person
/** A key of the approver's device that the console refused to enrol. */
let stranger: string
/** Signed in time, and sent when its two minutes are over. */
let early: { actionId: string; body: ApprovalBody; signedAt: number }

async function openPerson(browser: Browser, own: OwnConsole, role: RoleName): Promise<Omit<Person, 'key'>> {
  const page = await own.openPage(browser, role)
  await page.goto('/')
  return { page, device: await addAuthenticator(page) }
}

const decide = (page: Page, actionId: string, body: object) => askAsPage(page, `/api/external-actions/${actionId}/decision`, body)

/** What the ledger knows of it: its state, and how each approval was given. */
async function readLedger(own: OwnConsole, actionId: string): Promise<{ state: string; approvals: boolean[] }> {
  const { state, decisions } = (await own.ask('admin', `/api/external-actions/${actionId}`)) as {
    state: string
    decisions: { kind: string; signed: boolean }[]
  }
  return { state, approvals: decisions.filter(({ kind }) => kind === 'approve').map(({ signed }) => signed) }
}
const untouched = { state: 'PENDING', approvals: [] }

test('a person makes a first passkey, and a second one only with the signature of the first', async ({ browser, own }) => {
  const person = await openPerson(browser, own, 'approver')
  approver = { ...person, key: await enrolFirst(person, 'Laptop') }
  const { page, device } = approver
  expect(await device.countKeys()).toBe(1)
  expect(await expectAnswer(page, '/api/passkeys')).toMatchObject({ items: [{ credential_id: approver.key, name: 'Laptop' }] })

  const challenge = (await expectAnswer(page, '/api/challenges', { purpose: 'passkey_add' })) as Parameters<OwnAuthenticator['createKey']>[0]
  const attestation = await device.createKey({ ...challenge, user: { id: 'c2Vjb25k', name: 'approver, second' } })
  expect(await askAsPage(page, '/api/passkeys', { nonce: challenge.nonce, name: 'Spare', attestation })).toMatchObject({
    status: 403,
    body: { code: 'step_up_required', needs: 'passkey' },
  })
  stranger = attestation.credential_id
  const next = (await expectAnswer(page, '/api/challenges', { purpose: 'passkey_add' })) as Parameters<OwnAuthenticator['createKey']>[0]
  const spare = await device.createKey({ ...next, user: { id: 'dGhpcmQ', name: 'approver, third' } })
  const signature = await signAct(approver, 'passkey_add', { credential_id: spare.credential_id, name: 'Spare' }, next.nonce)
  await expectAnswer(page, '/api/passkeys', { nonce: next.nonce, name: 'Spare', attestation: spare, signature })
  expect((await expectAnswer(page, '/api/passkeys'))['items']).toHaveLength(2)
})

test('a passkey alone signs in, and what it signed to do so is good once', async ({ own }) => {
  const { page, device, key } = approver
  await page.context().clearCookies()
  const { nonce } = (await expectAnswer(page, '/api/auth/passkey/challenge', {})) as { nonce: string }
  const assertion = await device.sign(await signInChallenge(nonce), [key])
  expect(await expectAnswer(page, '/api/auth/passkey/login', { nonce, assertion })).toMatchObject({
    operator: { name: 'approver' },
    methods: ['hwk'],
  })
  await page.context().clearCookies()
  expect(await askAsPage(page, '/api/auth/passkey/login', { nonce, assertion })).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } })

  // The nonce above is used up: another one signs in again.
  const next = (await expectAnswer(page, '/api/auth/passkey/challenge', {})) as { nonce: string }
  const again = await device.sign(await signInChallenge(next.nonce), [key])
  await expectAnswer(page, '/api/auth/passkey/login', { nonce: next.nonce, assertion: again })
  expect(await expectAnswer(page, '/api/auth/me')).toMatchObject({ operator: { name: 'approver' } })
  expect((await own.ask('approver', '/api/passkeys'))['items']).toContainEqual(
    expect.objectContaining({ credential_id: key, last_used_at: expect.any(String) as unknown }),
  )
})

test('a person whom the device does not recognise signs nothing', async ({ own }) => {
  const { page, device, key } = approver
  const actionId = await own.propose('Not recognised')
  await device.setRecognised(false)
  const { facts } = await readFacts(page, actionId)
  await expect(signApproval(device, facts, [key])).rejects.toThrow('NotAllowedError')
  // A page that asks for less gets a signature, and the console refuses that.
  const statement = (await signApproval({ ...device, sign: (bytes, ids) => device.sign(bytes, ids, 'discouraged') }, facts, [key])) as ApprovalBody
  expect(await decide(page, actionId, statement)).toMatchObject({ status: 403, body: { code: 'signature_refused' } })
  await device.setRecognised(true)
  expect(await readLedger(own, actionId)).toEqual(untouched)
})

test('an approval that a passkey signed counts as signed, and is good once', async ({ own }) => {
  const { page, device, key } = approver
  const actionId = await own.propose('Signed')
  const { facts, credentials } = await readFacts(page, actionId)
  expect(credentials).toContain(key)
  const body = await signApproval(device, facts, [key])
  const late = await own.propose('Sent too late')
  early = { actionId: late, body: await signApproval(device, (await readFacts(page, late)).facts, [key]), signedAt: Date.now() }
  expect(await decide(page, actionId, body)).toMatchObject({ status: 200, body: { state: 'APPROVED' } })
  expect(await readLedger(own, actionId)).toEqual({ state: 'APPROVED', approvals: [true] })

  // The same signature again: for the same action, and for another one.
  expect(await decide(page, actionId, body)).toMatchObject({ status: 409 })
  const other = await own.propose('Signed for another')
  expect((await decide(page, other, body)).status).toBeGreaterThanOrEqual(400)
  const second = await readFacts(page, other)
  const bound = { revision: 1, payload_hash: second.facts.action.payload_hash, display_sha256: second.facts.display_sha256 }
  expect(await decide(page, other, { ...body, ...bound })).toMatchObject({ status: 403, body: { code: 'signature_refused' } })
  expect(await readLedger(own, other)).toEqual(untouched)
  expect(await readLedger(own, actionId)).toEqual({ state: 'APPROVED', approvals: [true] })
})

test('no other key signs for a person: one that was never enrolled, and one of somebody else', async ({ browser, own }) => {
  const { page, device } = approver
  const actionId = await own.propose('Wrong key')
  const { facts } = await readFacts(page, actionId)
  expect(await decide(page, actionId, await signApproval(device, facts, [stranger]))).toMatchObject({
    status: 403,
    body: { code: 'signature_refused' },
  })

  const person = await openPerson(browser, own, 'admin')
  admin = { ...person, key: await enrolFirst(person, 'Tower') }
  const again = await readFacts(page, actionId)
  const foreign = await signApproval(admin.device, again.facts, [admin.key])
  expect(await decide(page, actionId, foreign)).toMatchObject({ status: 403, body: { code: 'signature_refused' } })
  // Nor does the one it belongs to get anything out of a statement that names another person.
  expect((await decide(admin.page, actionId, foreign)).status).toBeGreaterThanOrEqual(400)
  expect(await readLedger(own, actionId)).toEqual(untouched)
})

/** Each member of a statement, changed alone, and what the console then says differs. */
const changes: Record<string, (facts: Facts) => Partial<Facts>> = {
  'action.id': ({ action }) => ({ action: { ...action, id: 'act_00000000-0000-4000-8000-000000000000' } }),
  'action.payload_hash': ({ action }) => ({ action: { ...action, payload_hash: 'a'.repeat(64) } }),
  'action.revision': ({ action }) => ({ action: { ...action, revision: 2 } }),
  'approver.sub': () => ({ approver: { sub: 'op_00000000-0000-4000-8000-000000000000' } }),
  decide_by: () => ({ decide_by: '2027-01-01T00:00:00.000Z' }),
  descriptor: () => ({ descriptor: null }),
  'descriptor.id': ({ descriptor }) => ({ descriptor: { ...descriptor!, id: 'etsy.create_listing' } }),
  'descriptor.sha256': ({ descriptor }) => ({ descriptor: { ...descriptor!, sha256: 'b'.repeat(64) } }),
  'descriptor.version': ({ descriptor }) => ({ descriptor: { ...descriptor!, version: 99 } }),
  display_sha256: () => ({ display_sha256: 'c'.repeat(64) }),
  execute_by: () => ({ execute_by: '2027-01-01T00:00:00.000Z' }),
  mode: () => ({ mode: 'dry_run' }),
  'requested_by.executor_id': ({ requested_by }) => ({ requested_by: { ...requested_by, executor_id: 'exr_other' } }),
  'requested_by.name': ({ requested_by }) => ({ requested_by: { ...requested_by, name: 'demo-agent' } }),
}

/** Signed over other facts, and sent as what the console has: only the statement differs. */
async function signChanged({ device, key }: Person, facts: Facts, change: Partial<Facts>): Promise<ApprovalBody> {
  const { action, descriptor, display_sha256 } = facts
  const body = await signApproval(device, { ...facts, ...change }, [key])
  return { ...body, revision: action.revision, payload_hash: action.payload_hash, descriptor, display_sha256 }
}

test('what was signed has to be what is in force: every member of the statement, and no other is named', async ({ own }) => {
  const actionId = await own.propose('Tampered')
  for (const [count, [member, change]] of Object.entries(changes).entries()) {
    // By two people: one alone may ask for a challenge or decide thirty times a minute.
    const person = count % 3 === 0 ? approver : admin
    const { facts } = await readFacts(person.page, actionId)
    expect(await decide(person.page, actionId, await signChanged(person, facts, change(facts))), member).toMatchObject({
      status: 403,
      body: { code: 'signature_refused', differs: [member] },
    })
    if (member !== 'mode') continue
    // Whatever was signed with it, a nonce is good once.
    expect(await decide(person.page, actionId, await signChanged(person, facts, {}))).toMatchObject({ body: { code: 'challenge_refused' } })
  }
  const { page } = admin
  const { facts: known } = await readFacts(page, actionId)
  expect(await decide(page, actionId, await signChanged(admin, known, { renderer_version: '99' }))).toMatchObject({
    body: { code: 'console_outdated' },
  })
  const madeUp = { nonce: Buffer.alloc(32, 7).toString('base64url') }
  expect(await decide(page, actionId, await signChanged(admin, known, madeUp))).toMatchObject({ body: { code: 'challenge_refused' } })
  expect(await readLedger(own, actionId)).toEqual(untouched)
})

test('a statement that was signed and then changed is refused, and its nonce is used up', async ({ own }) => {
  const { page, device, key } = approver
  const actionId = await own.propose('Changed afterwards')
  const { facts } = await readFacts(page, actionId)
  const honest = await signApproval(device, facts, [key])
  const { statement, assertion } = honest.signature
  // The one member that the console compares with nothing: only the signature holds it.
  const changed = statement.replace('"console_build":"e2e"', '"console_build":"e2f"')
  expect(changed).not.toBe(statement)
  const refused = await decide(page, actionId, { ...honest, signature: { statement: changed, assertion } })
  expect(refused).toMatchObject({ status: 403, body: { code: 'signature_refused' } })
  expect(refused.body).not.toHaveProperty('differs')
  expect(await decide(page, actionId, honest)).toMatchObject({ body: { code: 'challenge_refused' } })
  expect(await readLedger(own, actionId)).toEqual(untouched)
})

test('what was signed is good for two minutes, and another signature is asked for after', async ({ own }) => {
  const { page, device, key } = approver
  await expect.poll(() => Date.now() - early.signedAt, { timeout: 150_000, intervals: [500] }).toBeGreaterThan(121_000)
  expect(await decide(page, early.actionId, early.body)).toMatchObject({ status: 409, body: { code: 'challenge_refused' } })
  expect(await readLedger(own, early.actionId)).toEqual(untouched)
  const { facts } = await readFacts(page, early.actionId)
  expect(await decide(page, early.actionId, await signApproval(device, facts, [key]))).toMatchObject({ status: 200 })
})

test('a key that was taken out of use signs nothing any more', async ({ own }) => {
  const { page, device, key } = approver
  const { items } = (await expectAnswer(page, '/api/passkeys')) as { items: { credential_id: string }[] }
  const spare = items.map(({ credential_id }) => credential_id).find((id) => id !== key)!
  const actionId = await own.propose('Removed key')
  const { facts } = await readFacts(page, actionId)
  const signedBefore = await signApproval(device, facts, [spare])
  await removeKey(approver, spare)
  expect((await expectAnswer(page, '/api/passkeys'))['items']).toHaveLength(1)
  expect(await decide(page, actionId, signedBefore)).toMatchObject({ status: 403, body: { code: 'signature_refused' } })
  const later = await readFacts(page, actionId)
  expect(later.credentials).toEqual([key])
  expect(await decide(page, actionId, await signApproval(device, later.facts, [spare]))).toMatchObject({
    status: 403,
    body: { code: 'signature_refused' },
  })
  expect(await readLedger(own, actionId)).toEqual(untouched)
})

test('the last key of a person can be taken away as well, by what it signs itself', async () => {
  for (const person of [approver, admin]) {
    await removeKey(person, person.key)
    expect((await expectAnswer(person.page, '/api/passkeys'))['items']).toEqual([])
    await person.page.context().close()
  }
})
