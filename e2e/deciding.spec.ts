/** The decision page and the queue in their awkward moments, and by the keyboard alone. What it proposes, it also ends. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Browser, Locator, Page } from '@playwright/test'
import { askConsole } from './ask-console.ts'
import { rejectAction } from './decide-action.ts'
import { proposeListing } from './propose-listing.ts'
import { passwordOf, root } from './running-console.ts'
import type { RoleName } from './running-console.ts'
import { renewSession } from './renew-session.ts'

const screenshots = join(root, '.cache/screenshots')
const widths = [360, 768, 1440, 1920]
const proposed: string[] = []

async function propose(body: Record<string, unknown>): Promise<string> {
  const id = await proposeListing(body)
  proposed.push(id)
  return id
}

test.afterAll(async () => {
  for (const id of proposed) {
    if ((await askConsole('approver', `/api/external-actions/${id}`)).state === 'PENDING') await rejectAction('approver', id, 'the test is over')
  }
})

async function openPage(browser: Browser, role: RoleName, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
  const context = await browser.newContext({ storageState: await renewSession(role), colorScheme, viewport: { width: 1440, height: 900 } })
  return context.newPage()
}

/** A picture at every width, and no barrier for anybody at the narrowest and a wide one. */
async function look(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true })
  for (const width of widths) {
    await page.setViewportSize({ width, height: width < 768 ? 780 : 900 })
    await page.screenshot({ path: join(screenshots, `${name}-${width}.png`) })
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
    expect(overflow, `${name} is wider than a window of ${width}`).toBeLessThanOrEqual(0)
    if (width === 768 || width === 1920) continue
    const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
    expect(violations.map((found) => `${name} ${width}: ${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
  }
}

const isFocused = async (page: Page, part: Locator) => (await part.and(page.locator(':focus')).count()) === 1
const approveButton = (page: Page) => page.locator('button.sign')

for (const theme of ['light', 'dark'] as const) {
  test(`the moments of a decision are accessible and fit from phone to wall, ${theme}`, async ({ browser }) => {
    const page = await openPage(browser, 'approver', theme)

    const long = 'UNBOXING!!! every mistake we made on the way, part 3 of 7, with an unbreakablewordthatgoesonandonforeverwithoutanyspace'
    const id = await propose({ title: long, quantity: 48_203_118, price: { amount_minor: 987_654_321_012, currency: 'EUR' } })
    await page.goto(`/approvals/${id}`)
    await page.getByLabel('Reason for approving').fill('looks fine')
    await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'false')
    await look(page, `moment-armed-${theme}`)

    await page.getByRole('button', { name: 'Ask for change' }).click()
    await page.getByLabel('What has to change').selectOption('Title')
    await page.getByRole('dialog').getByLabel('Reason').fill('too long')
    await look(page, `moment-change-${theme}`)
    await page.keyboard.press('Escape')

    // Somebody else is quicker: the page stays, and says who and why.
    await rejectAction('admin', id, 'the title is a shout')
    await expect(page.getByText('the title is a shout').first()).toBeVisible()
    await expect(page).toHaveURL(new RegExp(`/approvals/${id}$`))
    await expect(page.getByText('looks fine')).toBeVisible()
    await look(page, `moment-decided-by-another-${theme}`)

    const hidden = 'Wal\u200bnut d\u0435sk \u202eorganiser\u202c'
    const blind = await propose({ title: hidden, x_partner: true, redirect_after: 'https://mais\u043en.example/merci?ref=a9f' })
    await page.goto(`/approvals/${blind}`)
    await expect(page.getByText(/Blind: 2 of \d+ fields cannot be explained/)).toBeVisible()
    await expect(page.getByText('Letters of two alphabets in one word').first()).toBeAttached()
    // Whatever is pressed here, the word is not *approve*.
    await expect(approveButton(page)).toHaveText(/^Accept blind, 1 of 2/)
    await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'true')
    await look(page, `moment-blind-${theme}`)
    await page.context().close()

    const viewer = await openPage(browser, 'viewer', theme)
    await viewer.goto(`/approvals/${blind}`)
    await expect(viewer.getByText('Viewers cannot approve. Ask an approver or an admin.').first()).toBeVisible()
    await look(viewer, `moment-viewer-${theme}`)
    await viewer.goto('/approvals')
    await expect(viewer.getByText(/viewers look and do not decide/)).toBeVisible()
    await look(viewer, `queue-viewer-${theme}`)
    await viewer.context().close()

    const cut = await openPage(browser, 'approver', theme)
    await cut.route(/\/api\/external-actions\/act_[^/]+\/payload/, (route) => route.abort())
    await cut.goto(`/approvals/${blind}`)
    await expect(cut.getByText('The payload could not be read.', { exact: true })).toBeVisible()
    await expect(cut.locator('#foot-state')).toHaveText('Off: the payload could not be read. Rejecting works.')
    await expect(cut.getByRole('button', { name: /^Reject/ })).toBeEnabled()
    await expect(approveButton(cut)).toHaveAttribute('aria-disabled', 'true')
    await look(cut, `moment-error-${theme}`)
    await cut.context().close()

    const stale = await openPage(browser, 'approver', theme)
    await stale.route('**/api/events', (route) => route.abort())
    await stale.goto(`/approvals/${blind}`)
    await expect(stale.locator('#foot-state')).toContainText(/(Stale|Offline) .*approving is off, rejecting is tried/)
    await expect(stale.getByRole('button', { name: /^Reject/ })).toBeEnabled()
    await look(stale, `moment-stale-${theme}`)
    await stale.context().close()
  })
}

test('an open stream that falls silent turns approving off after ten seconds, and rejecting stays', async ({ browser }) => {
  const id = await propose({ title: 'Silence' })
  const page = await openPage(browser, 'approver')
  // The first stream says hello and ends, the next ones never come.
  let streams = 0
  await page.route('**/api/events', (route) => {
    streams += 1
    const hello = `event: hello\ndata: ${JSON.stringify({ cursor: 1, now: new Date().toISOString() })}\n\n`
    return streams === 1 ? route.fulfill({ contentType: 'text/event-stream', body: hello }) : route.abort()
  })
  await page.goto(`/approvals/${id}`)
  await page.getByLabel('Reason for approving').fill('fine')
  await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'false')
  const armedAt = Date.now()
  await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'true', { timeout: 12_000 })
  expect(Date.now() - armedAt).toBeLessThan(11_500)
  await expect(page.getByRole('button', { name: /^Reject/ })).toBeEnabled()
  await page.context().close()
})

test('nothing in the footer moves or grows from one moment to the next, at any width', async ({ browser }) => {
  const id = await propose({ title: 'Footer', description: 'x '.repeat(400) })
  const page = await openPage(browser, 'approver')
  for (const width of widths) {
    await page.setViewportSize({ width, height: 700 })
    await page.goto(`/approvals/${id}`)
    const places = async () =>
      await Promise.all(
        [
          page.locator('.decide-foot'),
          page.getByRole('button', { name: /^Reject/ }),
          approveButton(page),
          page.getByLabel('Reason for approving'),
        ].map((part) => part.boundingBox()),
      )
    await expect(page.locator('#foot-state')).not.toBeEmpty()
    const first = await places()
    await expect(approveButton(page)).not.toBeFocused()
    await page.getByLabel('Reason for approving').fill('a reason')
    expect(await places()).toEqual(first)
    await page.getByRole('link', { name: /^Fields/ }).click()
    await page.getByRole('link', { name: 'Meaning' }).click()
    for (const field of await page.locator('.sheet > dt').all()) await field.scrollIntoViewIfNeeded()
    await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'false')
    expect(await places()).toEqual(first)
    await page.route('**/decision', (route) => route.abort())
    await approveButton(page).click()
    await expect(page.getByRole('alert').getByText('No answer arrived')).toBeVisible()
    expect(await places()).toEqual(first)
    await page.unroute('**/decision')
  }
  expect((await askConsole('approver', `/api/external-actions/${id}`)).state).toBe('PENDING')
  await page.context().close()
})

/** Goes down the queue by `j` until the row with this title has the focus. */
async function goToRow(page: Page, title: string): Promise<void> {
  const row = page.getByRole('row').filter({ hasText: title }).getByRole('link')
  await expect(row).toBeVisible()
  const count = await page.locator('a.q-open').count()
  for (let n = 0; n < count; n += 1) {
    await page.keyboard.press('j')
    if (await isFocused(page, row)) return
  }
  throw new Error(`j never reached ${title}`)
}

test('by the keyboard alone: sign in, find the action, read its views, ask for a change of one field', async ({ browser }) => {
  const title = `Keyboard ${Date.now()}`
  const id = await propose({ title })
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto('/')
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await page.keyboard.type('approver')
  await page.keyboard.press('Tab')
  await page.keyboard.type(passwordOf('approver'))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('need')
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page.getByRole('heading', { level: 1, name: 'Approvals' })).toBeVisible()
  await goToRow(page, title)
  await page.keyboard.press('k')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/approvals/${id}$`))
  await expect(page.getByRole('heading', { level: 1 })).toContainText(title)
  for (const [key, view] of [
    ['2', 'fields'],
    ['3', 'diff'],
    ['4', 'raw'],
    ['5', 'seal'],
  ] as const) {
    await page.keyboard.press(key)
    await expect(page).toHaveURL(new RegExp(`view=${view}$`))
  }
  await page.keyboard.press('1')
  await expect(page).toHaveURL(new RegExp(`/approvals/${id}$`))
  // The sheet of keys opens, and gives the focus back.
  await page.getByRole('link', { name: 'Seal', exact: true }).focus()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keys on this page' })).toContainText('reject')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('link', { name: 'Seal', exact: true })).toBeFocused()
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog', { name: 'Reject this proposal' })
  await expect(dialog.getByLabel('Reason')).toBeFocused()
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('ArrowDown')
  // It is another act now, and says so.
  const asking = page.getByRole('dialog', { name: 'Ask for a change' })
  await expect(asking.getByRole('radio', { name: /Change this/ })).toBeChecked()
  await page.keyboard.press('Tab')
  await expect(asking.getByLabel('What has to change')).toBeFocused()
  await page.keyboard.type('Title')
  await page.keyboard.press('Tab')
  await page.keyboard.type('by keys only')
  await page.keyboard.press('Control+Enter')
  await expect(asking).toBeHidden()
  await expect(page.getByText('Back at its executor')).toBeVisible()
  const asked = await askConsole('approver', `/api/external-actions/${id}`)
  expect(asked).toMatchObject({ state: 'PENDING', change_request: { field: '/request/body/title', reason: 'by keys only' } })
  await context.close()
})

test('by the keyboard alone: approve, and neither Enter nor Space does it', async ({ browser }) => {
  const id = await propose({ title: 'Approve by keys' })
  const page = await openPage(browser, 'approver')
  await page.goto(`/approvals/${id}`)
  const reason = page.getByLabel('Reason for approving')
  await expect(reason).toBeEnabled()
  for (let n = 0; n < 60 && !(await isFocused(page, reason)); n += 1) await page.keyboard.press('Tab')
  await page.keyboard.type('read it all')
  await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'false')
  await expect(page.getByRole('status').filter({ hasText: 'Approving is possible now.' })).toBeAttached()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await expect(approveButton(page)).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Space')
  expect((await askConsole('approver', `/api/external-actions/${id}`)).state).toBe('PENDING')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('status').filter({ hasText: 'approved by you' })).toBeAttached()
  expect((await askConsole('approver', `/api/external-actions/${id}`)).state).toBe('APPROVED')
  await page.context().close()
})

test('several are rejected with one reason by keys; one that somebody else decided meanwhile says so, and none can be approved there', async ({
  browser,
}) => {
  const word = `several-${Date.now()}`
  const ids = [await propose({ title: `${word} one` }), await propose({ title: `${word} two` }), await propose({ title: `${word} three` })]
  const page = await openPage(browser, 'approver')
  await page.goto(`/approvals?q=${word}`)
  await expect(page.getByRole('row')).toHaveCount(4)
  for (let n = 0; n < 3; n += 1) {
    await page.keyboard.press('j')
    await page.keyboard.press('x')
  }
  await expect(page.getByRole('region', { name: 'Selected' })).toContainText('3 selected')
  await expect(page.getByRole('main').getByRole('button', { name: /approve/i })).toHaveCount(0)
  await page.keyboard.press('r')
  const dialog = page.getByRole('dialog', { name: 'Reject 3 proposals' })
  await expect(dialog.getByLabel('Reason')).toBeFocused()
  await look(page, 'queue-reject-several')
  await page.keyboard.type('none of these')
  await rejectAction('admin', ids[1]!, 'mine first')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('status')).toHaveText('2 of 3 rejected, 1 not')
  await expect(dialog).toContainText('This was already decided')
  const states = await Promise.all(ids.map(async (id) => (await askConsole('approver', `/api/external-actions/${id}`)).decisions.at(-1)!.reason))
  expect(states).toEqual(['none of these', 'mine first', 'none of these'])
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  // The rows stay where they were until somebody asks for the new order.
  await expect(page.getByRole('row')).toHaveCount(4)
  await page.context().close()
})
