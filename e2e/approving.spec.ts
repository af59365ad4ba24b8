/** From the press on Approve to what the ledger keeps: signed with a passkey, or with the password where that may stand for one. */
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { test } from './control-test.ts'
import type { OwnConsole } from './control-test.ts'
import { lookAtPage } from './look-at-page.ts'
import { heldText, listingText } from './own-executor.ts'
import { openSigningPerson, signButton } from './signing-person.ts'

const proposed: string[] = []

test.afterAll(async ({ own }) => {
  for (const id of proposed)
    if (['PENDING', 'APPROVED'].includes((await read(own, id)).state))
      await own.asExecutor(`/external-actions/${id}/cancel`, { reason: 'the test is over' })
})

async function propose(own: OwnConsole, payload: string): Promise<string> {
  const id = await own.proposePayload(payload)
  proposed.push(id)
  return id
}

type Read = { state: string; decisions: { kind: string; signed: boolean; strength: string; reason: string | null }[] }
const read = async (own: OwnConsole, id: string) => (await own.ask('admin', `/api/external-actions/${id}`)) as Read

/** The page at every width in both themes, as this person has it open: the theme is chosen when a page loads, so it is changed where it is kept. */
async function lookAtBoth(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.locator('html').evaluate((root, chosen) => root.setAttribute('data-theme', chosen), theme)
    await lookAtPage(page, `${name}-${theme}`)
  }
  await page.setViewportSize({ width: 1440, height: 1400 })
}

test('a passkey signs what was shown: without one there is a way to make it, a cancelled prompt costs nothing, the first opinion stays sealed, and anybody vetoes in the hold', async ({
  browser,
  own,
}) => {
  const id = await propose(own, heldText('Signed'))
  const first = await openSigningPerson(browser, own, 'Ines')
  const { page } = first
  await page.goto(`/approvals/${id}`)
  await expect(page.locator('#foot-state')).toContainText('This takes a passkey, and you have none.')
  await expect(page.getByRole('link', { name: 'Make one' })).toHaveAttribute('href', '/settings/me')
  await expect(signButton(page)).toHaveAttribute('aria-disabled', 'true')

  const device = await first.makePasskey()
  await device.setAnswering(false)
  await first.arm(id, 'the season begins')
  await signButton(page).click()
  await expect(page.locator('#foot-state')).toContainText('Waiting for your passkey.')
  await expect(page.getByText('You are signing:')).toBeVisible()
  await lookAtBoth(page, 'approving-prompt')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('alert')).toContainText('Nothing was signed')
  expect((await read(own, id)).decisions).toEqual([])
  await expect(page.getByLabel('Reason for approving')).toHaveValue('the season begins')

  await device.setAnswering(true)
  await expect(signButton(page)).toHaveAttribute('aria-disabled', 'false')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('#foot-state')).toContainText('You approved. Waiting for ')
  expect((await read(own, id)).decisions).toMatchObject([{ kind: 'approve', signed: true, strength: 'passkey' }])
  await lookAtBoth(page, 'approving-one-of-two')

  const second = await openSigningPerson(browser, own, 'Jonas')
  await second.makePasskey()
  await second.arm(id, 'mine as well')
  await expect(second.page.getByText('Sealed until you decide')).toBeVisible()
  await expect(second.page.getByText('the season begins')).toHaveCount(0)
  await signButton(second.page).click()
  await expect(second.page.getByRole('button', { name: /^Veto/ })).toBeVisible()
  await expect(second.page.getByText('the season begins').first()).toBeVisible()
  expect(await read(own, id)).toMatchObject({ state: 'APPROVED', decisions: [{ reason: 'the season begins' }, { reason: 'mine as well' }] })

  const viewer = await own.openPage(browser, 'viewer')
  await viewer.goto(`/approvals/${id}`)
  await expect(viewer.getByText(/until it goes out, at/)).toBeVisible()
  await expect(viewer.getByRole('button', { name: /^Veto/ })).toBeEnabled()
  // A stream that never speaks makes the page old; the veto stays where it is.
  await viewer.route('**/api/events', (route) => route.abort())
  await viewer.goto(`/actions/${id}`)
  await viewer.getByRole('button', { name: /^Veto/ }).click()
  const dialog = viewer.getByRole('dialog', { name: 'Veto this action' })
  await dialog.getByLabel('Reason').fill('not this season')
  await dialog.getByRole('button', { name: /^Veto/ }).click()
  await expect(viewer.getByText('Vetoed by viewer')).toBeVisible()
  expect((await read(own, id)).state).toBe('REVOKED')
  for (const opened of [viewer, second.page, page]) await opened.context().close()
})

test('answers that were replaced on the way are never signed: the page says that server and bytes disagree', async ({ browser, own }) => {
  const id = await propose(own, heldText('Replaced'))
  const person = await openSigningPerson(browser, own, 'Karim')
  await person.makePasskey()
  const { page } = person
  const asked: string[] = []
  page.on('request', (request) => void (/\/(decision|challenges)$/.test(request.url()) && asked.push(request.url())))
  for (const lie of [
    { payload_hash: 'f'.repeat(64) },
    { latest_execute_by: '2030-01-01T00:00:00.000Z' },
    { step_up: 'none' },
    { slots: [{ group: 0, slot: 0, role: 'approver', filled_by: null }] },
  ]) {
    await page.route(`**/api/external-actions/${id}`, async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...((await response.json()) as object), ...lie } })
    })
    await page.goto(`/approvals/${id}`)
    await page.getByLabel('Reason for approving').fill('fine')
    await expect(page.locator('#foot-state'), JSON.stringify(lie)).toContainText('The bytes are not what the server says.')
    await expect(signButton(page)).toHaveAttribute('aria-disabled', 'true')
    await page.unrouteAll({ behavior: 'wait' })
  }
  expect(asked).toEqual([])
  await page.context().close()
})

test('without a passkey the password is asked for again; neither Enter nor a wrong one approves, and the approval is marked not signed', async ({
  browser,
  own,
}) => {
  const id = await propose(own, listingText({ title: 'By password' }))
  const person = await openSigningPerson(browser, own, 'Lea')
  const { page } = person
  // A session of long ago, as the page is told.
  await page.route('**/api/auth/me', async (route) => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...((await response.json()) as object), authenticated_at: '2026-01-01T00:00:00.000Z' } })
  })
  await person.arm(id, 'as agreed')
  await signButton(page).click()
  const dialog = page.getByRole('dialog', { name: 'Approve with your password' })
  await dialog.getByLabel(/^Password of/).fill('not it')
  await page.keyboard.press('Enter')
  await expect(dialog).toContainText('Enter does not approve')
  await lookAtBoth(page, 'approving-password')
  await page.keyboard.press('Control+Enter')
  await expect(dialog.getByRole('alert')).toContainText('This is not your password. Nothing was approved.')
  expect((await read(own, id)).state).toBe('PENDING')
  await dialog.getByLabel(/^Password of/).fill(person.password)
  await dialog.getByRole('button', { name: /^Confirm & approve/ }).click()
  await expect(page.getByRole('status').filter({ hasText: 'approved by you' })).toBeAttached()
  expect((await read(own, id)).decisions).toMatchObject([{ signed: false, reason: 'as agreed' }])
  await expect(page.getByText('not signed').first()).toBeVisible()

  // The audit log keeps how strong it was, and says so to everybody.
  const { items } = (await own.ask('admin', `/api/audit?q=action:${id}`)) as { items: { seq: number; event: { proof?: object | null } }[] }
  const entry = items.find(({ event }) => event.proof !== null && event.proof !== undefined)!
  await page.goto(`/audit/${entry.seq}`)
  await expect(page.getByText('not signed')).toBeVisible()
  await expect(page.getByText('their password, typed a moment before')).toBeVisible()
  await lookAtBoth(page, 'audit-not-signed')
  await page.context().close()
})

test('what changed since the one approved last is computed from both payloads, and everything else is proven equal', async ({ browser, own }) => {
  const person = await openSigningPerson(browser, own, 'Mina')
  const { page } = person
  const earlier = await propose(own, listingText({ title: 'Walnut shelf', tags: ['walnut', 'shelf'] }))
  await person.arm(earlier, 'a fair price')
  await signButton(page).click()
  await expect(page.getByRole('status').filter({ hasText: 'approved by you' })).toBeAttached()

  const dearer = { title: 'Walnut shelf', tags: ['walnut', 'shelf'], price: { amount_minor: 3_990, currency: 'EUR' } }
  const id = await propose(own, listingText(dearer))
  await page.goto(`/approvals/${id}`)
  const changed = /1 of (\d+) fields changed; (\d+) proven equal/
  await expect(page.getByText(changed).first()).toBeVisible()
  await expect(page.getByRole('link', { name: /^the one you approved/ })).toHaveAttribute('href', `/approvals/${earlier}`)
  await page.keyboard.press('d')
  await expect(page).toHaveURL(/view=diff/)
  const row = page.getByRole('region', { name: 'Difference by field' }).getByRole('row').filter({ hasText: 'Price' })
  await expect(row.getByRole('cell')).toHaveText(['€38.00', '€39.90'])
  const [, all, equal] = changed.exec((await page.getByText(changed).first().textContent())!)!
  expect(Number(equal)).toBe(Number(all) - 1)
  await lookAtBoth(page, 'approving-diff')
  await page.context().close()
})
