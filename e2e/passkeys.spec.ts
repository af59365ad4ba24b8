/** Passkeys in a real browser with an authenticator of its own: what they sign counts, and nothing else does. On a console of its own. */
import { actChallenge, toActStatement } from '@autopack/approval-proof/act-statement'
import { expect } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { test } from './control-test.ts'
import type { OwnConsole } from './control-test.ts'
import { askAsPage, expectAnswer } from './passkeys/ask-as-page.ts'
import { addAuthenticator } from './passkeys/own-authenticator.ts'
import type { OwnAuthenticator } from './passkeys/own-authenticator.ts'
import { readFacts, signApproval } from './passkeys/sign-approval.ts'
import type { ApprovalBody } from './passkeys/sign-approval.ts'
import type { RoleName } from './running-console.ts'

type Person = { page: Page; device: OwnAuthenticator; key: string }

test.describe.configure({ mode: 'serial' })

let approver: Person

async function openPerson(browser: Browser, own: OwnConsole, role: RoleName): Promise<Omit<Person, 'key'>> {
  const page = await own.openPage(browser, role)
  await page.goto('/')
  return { page, device: await addAuthenticator(page) }
}

async function enrolFirst({ page, device }: Omit<Person, 'key'>, name: string): Promise<string> {
  const challenge = (await expectAnswer(page, '/api/challenges', { purpose: 'passkey_add' })) as Parameters<OwnAuthenticator['createKey']>[0]
  const attestation = await device.createKey(challenge)
  await expectAnswer(page, '/api/passkeys', { nonce: challenge.nonce, name, attestation })
  return attestation.credential_id
}

/** A statement about an act of this person, signed with the first of their keys. */
async function signAct(person: Person, purpose: 'passkey_add', subject: Record<string, string>, nonce: string, keys = [person.key]) {
  const { operator } = (await expectAnswer(person.page, '/api/auth/me')) as { operator: { operator_id: string } }
  const statement = toActStatement({ purpose, subject, operator: { sub: operator.operator_id }, nonce })
  return { statement, assertion: await person.device.sign(actChallenge(statement), keys) }
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
  const assertion = await device.sign(Buffer.from(nonce, 'base64url'), [key])
  expect(await expectAnswer(page, '/api/auth/passkey/login', { nonce, assertion })).toMatchObject({
    operator: { name: 'approver' },
    methods: ['hwk'],
  })
  await page.context().clearCookies()
  expect(await askAsPage(page, '/api/auth/passkey/login', { nonce, assertion })).toMatchObject({ status: 401, body: { code: 'wrong_credentials' } })

  // The nonce above is used up: another one signs in again.
  const next = (await expectAnswer(page, '/api/auth/passkey/challenge', {})) as { nonce: string }
  const again = await device.sign(Buffer.from(next.nonce, 'base64url'), [key])
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
  await page.context().close()
})
