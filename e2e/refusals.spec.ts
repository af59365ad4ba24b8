/**
 * Every refusal that a decision or its execution can end in is reached from a page and read there: what happened, and what to do. Nothing
 * typed is lost and nothing is decided. On a console of its own, where one kind of action may be decided about for a minute and a half only.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import type { ProblemCode } from '@autopack/contract/problems'
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { test as ownTest } from './control-test.ts'
import type { OwnConsole } from './control-test.ts'
import { heldText, listingText } from './own-executor.ts'
import { root } from './running-console.ts'
import { openSigningPerson, signButton } from './signing-person.ts'

const heldFile = 'packages/action-catalog/descriptors/etsy.create_listing.json'
const held = JSON.parse(readFileSync(join(root, heldFile), 'utf8')) as Descriptor
const oneSlot = [{ role: 'approver', count: 1 }] as const
const shortHeld = { ...held, approval: { ...held.approval, all_of: oneSlot, decide_within_seconds: 90, hold_seconds: 600 } }

ownTest.use({ ownFor: 'refusals', ownFiles: { [heldFile]: `${JSON.stringify(shortHeld, null, 2)}\n` } })
const test = ownTest

/** Typed refusals of the design's list; each is reached below. */
const refusals = [
  'stale_revision',
  'already_decided',
  'expired',
  'superseded',
  'self_approval',
  'step_up_required',
  'in_hold',
  'brake_engaged',
  'kill_switch_off',
  'dry_run_on',
  'cap_reached',
  'hash_mismatch',
  'policy_mismatch',
  'console_outdated',
] as const satisfies readonly ProblemCode[]
type Refusal = (typeof refusals)[number]
const reached = new Set<Refusal>()

const reason = 'the season begins, and the price was agreed'
const reasonField = (page: Page) => page.getByLabel('Reason for approving')

type Body = Record<string, unknown> & { signature?: { statement: string } | undefined }

/** Between the press and the ledger: first `happen`, then the decision goes on as `change` makes it. The page knows of neither. */
async function holdDecision(page: Page, happen: () => Promise<unknown>, change: (body: Body) => Body): Promise<void> {
  await page.route('**/api/external-actions/*/decision', async (route) => {
    await happen()
    await route.continue({ postData: JSON.stringify(change(route.request().postDataJSON() as Body)) })
  })
}

async function arm(page: Page, id: string): Promise<void> {
  await page.goto(`/approvals/${id}`)
  await reasonField(page).fill(reason)
  for (const part of await page.locator('.sheet [data-must-see]').all()) await part.scrollIntoViewIfNeeded()
  await expect(signButton(page)).toHaveAttribute('aria-disabled', 'false', { timeout: 30_000 })
}

type Read = { state: string; decide_by: string; revision: number; payload_hash: string; decisions: { kind: string }[] }
const read = async (own: OwnConsole, id: string) => (await own.ask('admin', `/api/external-actions/${id}`)) as Read
const approvals = async (own: OwnConsole, id: string) => (await read(own, id)).decisions.filter(({ kind }) => kind === 'approve')

/** What the page says, in which words, and that what was typed is still there. */
async function expectRefusal(page: Page, code: Refusal, words: readonly string[]): Promise<void> {
  const told = page.getByRole('alert').filter({ hasText: words[0]! }).first()
  await expect(told, code).toBeVisible({ timeout: 30_000 })
  for (const word of words) await expect(told, code).toContainText(word)
  reached.add(code)
}

/** The claim is an executor's; what became of it is read in the log. */
async function expectInLog(page: Page, code: Refusal, id: string, words: string): Promise<void> {
  await page.goto(`/audit?q=action:${id}`)
  await expect(page.getByText(words).first(), code).toBeVisible()
  reached.add(code)
}

async function reject(own: OwnConsole, id: string, role: 'admin' | 'approver' = 'admin'): Promise<void> {
  const { revision, payload_hash } = await read(own, id)
  const decision = { kind: 'reject', reject_kind: 'never', revision, payload_hash, reason: 'not with these words' }
  await own.ask(role, `/api/external-actions/${id}/decision`, decision)
}

const onTheWay: {
  code: Refusal
  happen?: (own: OwnConsole, id: string) => Promise<unknown>
  change?: (body: Body) => Body
  words: string[]
  /** Also read after the page has caught up. */
  stays: boolean
}[] = [
  {
    code: 'superseded',
    happen: (own, id) => own.revise(id, 1, 'Changed on the way'),
    words: ['A newer revision took the place of this one', 'Revision 2 is in force', 'Read the revision in force and decide again'],
    stays: true,
  },
  {
    code: 'already_decided',
    happen: reject,
    words: ['This was already decided', 'admin was first and rejected', 'Their decision is on this page'],
    stays: false,
  },
  {
    code: 'brake_engaged',
    happen: (own) => own.ask('admin', '/api/control/brake', { scope: { kind: 'all', id: '' }, reason: 'a test of the brake' }),
    words: ['The brake is engaged', 'Rejecting works', 'Approve after an admin releases the brake'],
    stays: true,
  },
  {
    code: 'hash_mismatch',
    change: (body) => ({ ...body, payload_hash: 'a'.repeat(64) }),
    words: ['These are not the bytes of this revision', 'Do not approve', 'tell whoever runs the control plane'],
    stays: true,
  },
  {
    code: 'policy_mismatch',
    change: (body) => ({ ...body, descriptor: { ...(body['descriptor'] as object), sha256: 'a'.repeat(64) } }),
    words: ['The console describes this action differently than the server', 'Reload the page'],
    stays: true,
  },
]

for (const { code, happen, change, words, stays } of onTheWay) {
  test(`${code}: what happens between the press and the ledger is read on the page`, async ({ browser, own }) => {
    const id = await own.propose(`On the way: ${code}`)
    const page = await own.openPage(browser, 'approver')
    await own.showAgain(page, 'approver')
    await holdDecision(page, async () => happen?.(own, id), change ?? ((body) => body))
    try {
      await arm(page, id)
      await signButton(page).click()
      await expectRefusal(page, code, words)
      if (stays) await expect(reasonField(page)).toHaveValue(reason)
      else await expect(page.getByText(reason)).toBeVisible()
      expect(await approvals(own, id)).toEqual([])
    } finally {
      await own.releaseAll()
      await page.context().close()
    }
  })
}

test('what a signature has to carry is refused in words: none, one of an older console, one that came after the deadline', async ({
  browser,
  own,
}) => {
  const ines = await openSigningPerson(browser, own, 'Ines')
  await ines.makePasskey()
  const { page } = ines
  const id = await own.proposePayload(heldText('Without its signature'))
  let change: (body: Body) => Body = (body) => ({ ...body, signature: undefined })
  let happen = async (): Promise<unknown> => undefined
  await holdDecision(
    page,
    () => happen(),
    (body) => change(body),
  )
  await ines.arm(id, reason)
  await signButton(page).click()
  await expectRefusal(page, 'step_up_required', ['Show again who you are', 'a signature with one of your passkeys', 'Nothing was recorded'])
  await expect(reasonField(page)).toHaveValue(reason)

  change = (body) => {
    const statement = body.signature!.statement.replace(/"renderer_version":"[^"]+"/, '"renderer_version":"0"')
    return { ...body, signature: { ...body.signature, statement } }
  }
  await expect(signButton(page)).toHaveAttribute('aria-disabled', 'false', { timeout: 30_000 })
  await signButton(page).click()
  await expectRefusal(page, 'console_outdated', ['This page is of an older console', 'Reload'])
  await expect(reasonField(page)).toHaveValue(reason)
  expect(await approvals(own, id)).toEqual([])

  const started = await own.proposePayload(heldText('In its hold'))
  change = (body) => body
  await ines.arm(started, reason)
  await signButton(page).click()
  await expect(page.getByText('Goes out when the clock ends')).toBeVisible({ timeout: 30_000 })
  const { payload_hash } = await read(own, started)
  await expect(own.asExecutor(`/external-actions/${started}/claim`, { revision: 1, payload_hash })).rejects.toThrow('in_hold')
  await expectInLog(page, 'in_hold', started, 'refused, in hold')

  const late = await own.proposePayload(heldText('Too late'))
  await ines.arm(late, reason)
  const { decide_by } = await read(own, late)
  const untilDeadline = () => Date.parse(decide_by) - Date.now()
  // A page gives up on an answer that takes long, so it is pressed shortly before.
  await expect.poll(untilDeadline, { timeout: 100_000, intervals: [250] }).toBeLessThan(3_000)
  happen = () => expect.poll(untilDeadline, { timeout: 30_000, intervals: [250] }).toBeLessThan(0)
  await signButton(page).click()
  await expectRefusal(page, 'expired', ['The time to decide is over', 'by the clock of the database', 'Nothing will be sent'])
  await expect(page.getByText(reason).first()).toBeVisible()
  expect(await approvals(own, late)).toEqual([])
  await page.context().close()
})

test('one’s own run is said before anybody presses', async ({ browser, own }) => {
  const run_id = `run-${crypto.randomUUID()}`
  await own.asExecutor('/runs/start', { run: { run_id, name: 'Autumn listings', started_by: 'approver' } })
  const asked = await own.asExecutor('/external-actions', { payload: listingText({ title: 'My own' }), run_id })
  const id = String(asked['action_id'])
  const page = await own.openPage(browser, 'approver')
  await page.goto(`/approvals/${id}`)
  await expect(page.locator('#foot-state')).toHaveText(/You asked for this run. Another approver has to approve; you may reject./)
  await expect(signButton(page)).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByRole('button', { name: /^Reject/ })).toBeEnabled()
  reached.add('self_approval')
  await page.context().close()
})

test('an approval is taken back as it was read: a newer one is not meant', async ({ browser, own }) => {
  const id = await own.propose('Approved once')
  await own.approve(id)
  const page = await own.openPage(browser, 'approver')
  await page.goto(`/actions/${id}`)
  await page.getByRole('button', { name: /^Revoke/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Take the approval back' })
  await dialog.getByLabel('Reason').fill(reason)
  await page.route('**/api/external-actions/*/revoke', async (route) => {
    await own.revise(id, 1, 'Approved twice')
    await own.approve(id)
    await route.continue()
  })
  await dialog.getByRole('button', { name: /^Revoke/ }).click()
  await expectRefusal(page, 'stale_revision', ['The action has changed since you read it', 'Revision 2 is in force', 'your words stay in the field'])
  await expect(dialog.getByLabel('Reason')).toHaveValue(reason)
  expect(await read(own, id)).toMatchObject({ state: 'APPROVED', revision: 2 })
  await page.context().close()
})

const beforeClaims: { code: Refusal; set: (own: OwnConsole) => Promise<unknown>; unset: (own: OwnConsole) => Promise<unknown>; words: string[] }[] = [
  {
    code: 'kill_switch_off',
    set: (own) => own.ask('approver', '/api/control/switches', { name: 'DEMO_SHOP_PUBLISH', on: false, reason: 'quiet weekend' }),
    unset: (own) => own.ask('admin', '/api/control/switches', { name: 'DEMO_SHOP_PUBLISH', on: true, reason: 'the test is over' }),
    words: ['A switch is off', 'DEMO_SHOP_PUBLISH', 'could not be claimed'],
  },
  {
    code: 'dry_run_on',
    set: (own) => own.ask('approver', '/api/control/switches', { name: 'DRY_RUN', on: true, reason: 'quiet weekend' }),
    unset: (own) => own.ask('admin', '/api/control/switches', { name: 'DRY_RUN', on: false, reason: 'the test is over' }),
    words: ['Dry run is on', 'propose the action as a dry run, or turn dry run off'],
  },
  {
    code: 'cap_reached',
    set: (own) => own.ask('approver', '/api/control/caps', { currency: 'USD', cap: 10, reason: 'quiet weekend' }),
    unset: (own) => own.ask('admin', '/api/control/caps', { currency: 'USD', cap: 2_500, reason: 'the test is over' }),
    words: ['A daily cap has no room for it', 'USD', '00:00 UTC'],
  },
]

for (const { code, set, unset, words } of beforeClaims) {
  test(`${code}: what the claim will meet is a finding before, and in the log after`, async ({ browser, own }) => {
    const id = await own.propose(`Before the claim: ${code}`)
    const page = await own.openPage(browser, 'approver')
    try {
      await set(own)
      await page.goto(`/approvals/${id}`)
      const sheet = page.locator('main')
      for (const word of words) await expect(sheet, code).toContainText(word)
      await expect(own.approveAndClaim(id)).rejects.toThrow(code)
      await expectInLog(page, code, id, `refused, ${code.replaceAll('_', ' ')}`)
      expect((await read(own, id)).state).toBe('APPROVED')
    } finally {
      await unset(own)
      await page.context().close()
    }
  })
}

test('no refusal of the list is left out', () => {
  expect(refusals.filter((code) => !reached.has(code))).toEqual([])
})
