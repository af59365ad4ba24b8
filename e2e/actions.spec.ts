/** The ledger and its pages: every outcome, taking back, a veto, a look-up, and what moves while somebody reads. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { askConsole } from './ask-console.ts'
import { approveAction } from './decide-action.ts'
import { createOwnExecutor, listingText } from './own-executor.ts'
import { root } from './running-console.ts'
import type { RoleName } from './running-console.ts'
import { renewSession } from './renew-session.ts'

const screenshots = join(root, '.cache/screenshots')
const widths = [360, 768, 1440, 1920]
const word = `ledger${Date.now().toString(36)}`
let executor: Awaited<ReturnType<typeof createOwnExecutor>>
const ids: string[] = []

async function propose(payload: string): Promise<string> {
  const id = await executor.propose(payload)
  ids.push(id)
  return id
}

test.beforeAll(async () => {
  executor = await createOwnExecutor()
})
test.afterAll(async () => {
  for (const id of ids) {
    if (['PENDING', 'APPROVED'].includes((await askConsole('approver', `/api/external-actions/${id}`)).state)) await executor.withdraw(id)
  }
})

async function openPage(browser: Browser, role: RoleName, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser.newContext({ storageState: await renewSession(role), colorScheme, viewport: { width: 1440, height: 900 } })
  return context.newPage()
}

const stateOf = async (id: string) => (await askConsole('approver', `/api/external-actions/${id}`)).state

async function look(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 768 ? 780 : 900 })
    await page.screenshot({ path: join(screenshots, `${name}-${width}.png`), fullPage: true })
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(overflow, `${name} is wider than a window of ${width}`).toBeLessThanOrEqual(0)
    if (width === 1920) continue
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
    expect(violations.map((found) => `${name} ${width}: ${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

/** Approved, taken and finished, with what the executor read back. */
async function complete(title: string, observed: object | null): Promise<string> {
  const payload = listingText({ title })
  const id = await propose(payload)
  expect(await approveAction('approver', id, 'fine')).toBe(200)
  const claim = await executor.claim(id)
  await executor.complete(id, claim)
  const { request } = JSON.parse(payload) as { request: { body: object } }
  await executor.observe(id, claim, observed === null ? null : { ...request.body, ...observed })
  return id
}

async function loseSight(title: string): Promise<string> {
  const id = await propose(listingText({ title }))
  expect(await approveAction('approver', id, 'fine')).toBe(200)
  await executor.finish(id, await executor.claim(id), { sent: 'unknown', outcome: 'unknown', error_code: 'timeout' })
  return id
}

test('the ledger shows what was read back, by mark and word, filters it in the address, and is walked by keys', async ({ browser }) => {
  await propose(
    listingText({ title: `${word} سياسة الخصوصية UNBOXING!!! every mistake we made on the way, part 3 of 7, withanunbreakablewordthatgoesonandon` }),
  )
  await complete(`${word} verified`, {})
  const drifted = await complete(`${word} drifted`, { price: { amount_minor: 3_990, currency: 'EUR' } })
  await complete(`${word} gone`, null)
  await loseSight(`${word} unknown`)
  const page = await openPage(browser, 'approver')
  await page.goto(`/actions?q=${word}`)
  const row = (title: string) => page.getByRole('row').filter({ hasText: title })
  await expect(row(`${word} verified`)).toContainText('Verified')
  await expect(row(`${word} drifted`)).toContainText('Drifted')
  await expect(row(`${word} gone`)).toContainText('Cannot verify')
  await expect(row(`${word} unknown`)).toContainText('Unknown')
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(page.getByRole('complementary', { name: /^Selected/ })).toContainText(`${word} drifted`)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/actions/${drifted}$`))
  // Exactly where it drifted, in three columns; what is equal is a press away.
  const off = page.getByRole('table').getByRole('row').filter({ hasText: 'Price' })
  await expect(off.getByRole('cell')).toHaveText(['€38.00', '€38.00', '€39.90'])
  await expect(page.getByText('proposed = approved = sent')).toBeVisible()
  await page.keyboard.press('u')
  await page.goto(`/actions?q=${word}&observed=drifted`)
  // The head and one action; what was read back of it is a table of its own beside.
  const rows = page.getByRole('region', { name: 'Actions' }).getByRole('row')
  await expect(rows).toHaveCount(2)

  // Nothing moves by itself: what arrives is counted until it is asked for.
  await page.goto(`/actions?q=${word}`)
  await expect(row(`${word} verified`)).toBeVisible()
  const before = await rows.count()
  await propose(listingText({ title: `${word} late` }))
  await expect(page.getByRole('button', { name: '1 new' })).toBeVisible()
  expect(await rows.count()).toBe(before)
  await page.getByRole('button', { name: '1 new' }).click()
  await expect(rows.nth(1)).toContainText(`${word} late`)
  await page.context().close()
})

for (const theme of ['light', 'dark'] as const) {
  test(`the ledger, a drifted action and the form of a look-up are accessible and fit from phone to wall, ${theme}`, async ({ browser }) => {
    const drifted = await complete(`${word} look ${theme}`, { price: { amount_minor: 3_990, currency: 'EUR' }, quantity: 48_203_118 })
    const unknown = await loseSight(`${word} lost ${theme}`)
    const page = await openPage(browser, 'approver', theme)
    await page.goto(`/actions?q=${word}`)
    await expect(page.getByRole('row').filter({ hasText: `look ${theme}` })).toBeVisible()
    await look(page, `ledger-${theme}`)
    await page.goto(`/actions/${drifted}?revision=1`)
    await expect(page.getByText('bytes as proposed')).toBeVisible()
    await look(page, `action-drifted-${theme}`)
    await page.goto(`/actions/${unknown}`)
    await page.getByRole('radio', { name: /It did not happen/ }).check()
    await look(page, `action-unknown-${theme}`)
    await page.context().close()
  })
}

test('a revision that comes while somebody reads waits to be asked for, keeps what was typed, and its approval is taken back by a key', async ({
  browser,
}) => {
  const id = await propose(listingText({ title: 'First words' }))
  const page = await openPage(browser, 'approver')
  await page.goto(`/approvals/${id}`)
  await page.getByLabel('Reason for approving').fill('half a thought')
  await expect(page.locator('button.sign')).toHaveAttribute('aria-disabled', 'false')
  await executor.revise(id, listingText({ title: 'Second words' }), 1)
  await expect(page.getByText('Revision 2 has replaced what you read.').first()).toBeVisible()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('First words')
  await expect(page.locator('button.sign')).toHaveAttribute('aria-disabled', 'true')
  await page.getByRole('button', { name: 'Read revision 2' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Second words')
  await expect(page.getByLabel('Reason for approving')).toHaveValue('half a thought')
  await expect(page.locator('button.sign')).toHaveAttribute('aria-disabled', 'false')
  await page.locator('button.sign').focus()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('button', { name: /^Revoke/ })).toBeVisible()
  await page.locator('h1').click()
  await page.keyboard.press('v')
  const dialog = page.getByRole('dialog', { name: 'Take the approval back' })
  await expect(dialog.getByLabel('Reason')).toBeFocused()
  await page.keyboard.type('wrong season')
  await page.keyboard.press('Control+Enter')
  await expect(dialog).toBeHidden()
  await expect(page.getByText('Revoked').first()).toBeVisible()
  expect(await stateOf(id)).toBe('REVOKED')
  // What differs stays readable for good, and so does the revision that lost.
  await page.goto(`/actions/${id}?revision=1`)
  await expect(page.getByText('1 value differs from revision 1')).toBeVisible()
  await expect(page.getByRole('region', { name: 'The bytes of revision 1' })).toContainText('First words')
  await page.context().close()
})

test('a change that is asked for sends the action back to its executor, apart in the queue and beyond approving', async ({ browser }) => {
  const title = `${word} change`
  const id = await propose(listingText({ title }))
  const page = await openPage(browser, 'approver')
  await page.goto(`/approvals/${id}`)
  await page.getByRole('button', { name: 'Ask for change' }).click()
  await page.getByLabel('What has to change').selectOption('Title')
  await page.getByRole('dialog').getByLabel('Reason').fill('too loud')
  await page.getByRole('dialog').getByRole('button', { name: 'Ask for change' }).click()
  await expect(page.getByText('Back at its executor')).toBeVisible()
  await expect(page.locator('button.sign')).toHaveAttribute('aria-disabled', 'true')
  await expect(page.locator('#foot-state')).toContainText('asked for a change')
  await expect(page.getByRole('button', { name: 'Ask for change' })).toBeDisabled()
  await expect(page.getByRole('button', { name: /^Reject/ })).toBeEnabled()
  await page.goto(`/approvals?scope=open&q=${word}`)
  await expect(page.getByRole('rowheader', { name: /Back at its executor/ })).toBeVisible()
  await executor.revise(id, listingText({ title: `${word} quieter` }), 1)
  await page.goto(`/approvals?scope=actionable&q=${word}`)
  await expect(page.getByRole('row').filter({ hasText: 'quieter' })).toBeVisible()
  await page.context().close()
})

test('an unknown outcome is looked up and written down; an answer that is lost takes no word away, and a viewer reads why it is not theirs', async ({
  browser,
}) => {
  const id = await loseSight(`${word} who knows`)
  const viewer = await openPage(browser, 'viewer')
  await viewer.goto(`/actions/${id}#resolve`)
  await expect(viewer.getByRole('button', { name: /^Write it down/ })).toBeDisabled()
  await viewer.context().close()

  const page = await openPage(browser, 'approver')
  await page.goto(`/approvals/${id}`)
  await page.getByRole('link', { name: 'Look it up' }).click()
  await page.getByLabel('Where you looked').fill('The list of listings in the shop')
  await page.getByRole('radio', { name: /It happened/ }).check()
  await page.getByLabel(/Its id at the provider/).fill('lst_7')
  await page.getByLabel('How you know').fill('It is there, with this title')
  await page.route('**/resolve', (route) => route.abort())
  await page.getByRole('button', { name: 'Write it down', exact: true }).click()
  await expect(page.getByRole('alert').getByText('No answer arrived')).toBeVisible()
  await expect(page.getByLabel('Where you looked')).toHaveValue('The list of listings in the shop')
  expect(await stateOf(id)).toBe('UNKNOWN')
  await page.unroute('**/resolve')
  await page.getByRole('button', { name: 'Write it down', exact: true }).click()
  await expect(page.getByText('Looked up by approver: it happened')).toBeVisible()
  await expect(page.getByText('The list of listings in the shop')).toBeVisible()
  expect(await stateOf(id)).toBe('COMPLETED')
  await page.context().close()
})
