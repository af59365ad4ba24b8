/** A thousand ways to approve without meaning to, from a seed; afterwards the ledger, not the page, is asked. On a console of its own. */
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { accidentsAfterTheft, accidentsWhileArmed } from './accidents/list-accidents.ts'
import { countLateClicks, expectChange, holdBackLateClicks, setAttention } from './accidents/late-clicks.ts'
import { seededRandom } from './accidents/seeded-random.ts'
import { test } from './control-test.ts'
import type { OwnConsole } from './control-test.ts'

const seed = Number(process.env['E2E_SEED'] ?? 20_261_122)
const random = seededRandom(seed)
const actions: string[] = []
let attempts = 0
let late = 0

const button = (page: Page) => page.locator('button.sign')
/** Says what is missing when it does not become so. */
const isArmed = (page: Page) =>
  expect
    .poll(async () => ((await button(page).getAttribute('aria-disabled')) === 'false' ? 'armed' : page.locator('#foot-state').textContent()), {
      timeout: 30_000,
    })
    .toBe('armed')

async function propose(own: OwnConsole, title: string): Promise<string> {
  const id = await own.propose(title)
  actions.push(id)
  return id
}

/** A decision page on which everything but the press itself has been done. */
async function openReady(page: Page, actionId: string): Promise<{ x: number; y: number }> {
  await page.goto(`/approvals/${actionId}`)
  await page.getByLabel('Reason for approving').fill('it looks right')
  await isArmed(page)
  return findMiddle(page)
}

async function findMiddle(page: Page): Promise<{ x: number; y: number }> {
  const box = (await button(page).boundingBox())!
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

async function listDecisions(own: OwnConsole): Promise<string[]> {
  const found: string[] = []
  for (const id of actions) {
    const { state, decisions } = await own.ask('admin', `/api/external-actions/${id}`)
    found.push(...(decisions as { kind: string }[]).map(({ kind }) => kind), ...(state === 'PENDING' ? [] : [String(state)]))
  }
  return found
}

test.describe.configure({ mode: 'serial' })

test('a key, a drag, a wheel or another button approves nothing while the button is armed', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'approver')
  const place = await openReady(page, await propose(own, 'Armed'))
  for (let count = 0; count < 520; count += 1) {
    const { happen } = accidentsWhileArmed[random(accidentsWhileArmed.length)]!
    await happen(page, random, place)
    attempts += 1
    // A key of the page may have led elsewhere: to the next action, to a dialog.
    if (count % 20 === 19) {
      if (!page.url().endsWith(actions[0]!) || (await page.locator('dialog[open]').count()) > 0) await openReady(page, actions[0]!)
      await isArmed(page)
    }
  }
  await page.context().close()
  expect(await listDecisions(own)).toEqual([])
})

test('no click and no key right after another window had the focus approves anything', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'approver')
  await holdBackLateClicks(page)
  const place = await openReady(page, await propose(own, 'Stolen focus'))
  for (let count = 0; count < 330; count += 1) {
    await setAttention(page, false)
    const { happen } = accidentsAfterTheft[random(accidentsAfterTheft.length)]!
    await happen(page, random, place)
    attempts += 1
    if (count % 110 === 109) {
      await setAttention(page, true)
      await isArmed(page)
    }
  }
  late += await countLateClicks(page)
  await page.context().close()
  expect(await listDecisions(own)).toEqual([])
})

test('a double click in the queue, a click while the page loads, and a held key approve nothing', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'approver')
  await holdBackLateClicks(page)
  const id = await propose(own, 'Loading')
  const place = await openReady(page, id)
  for (let count = 0; count < 12; count += 1) {
    const slow = random(3) * 150
    await page.route('**/api/external-actions/**', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, slow))
      await route.continue().catch(() => undefined)
    })
    if (count % 3 === 0) {
      await page.goto('/approvals')
      const row = page.getByRole('row').filter({ hasText: 'Loading' }).getByRole('link')
      await row.focus()
      await page.keyboard.down('Enter')
    } else {
      await page.goto(`/approvals/${id}`, { waitUntil: 'commit' })
    }
    // What was typed for it before may still be there; what is not yet there cannot be hit.
    for (let times = 0; times < 8; times += 1) {
      if (count % 3 === 0) await page.keyboard.down('Enter')
      else await page.mouse.click(place.x, place.y, { clickCount: 1 + random(3) })
      attempts += 1
      if (times === 3) await page.evaluate(`document.querySelector('.foot-reason')?.focus()`)
    }
    await page.keyboard.up('Enter')
    await page.unroute('**/api/external-actions/**')
  }
  late += await countLateClicks(page)
  await page.context().close()
  expect(await listDecisions(own)).toEqual([])
})

test('a card that went stale under the pointer, in one of two tabs, approves nothing', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'approver')
  await holdBackLateClicks(page)
  const second = await page.context().newPage()
  await holdBackLateClicks(second)
  const id = await propose(own, 'Stale')
  await openReady(second, id)
  await setAttention(second, false)
  for (let revision = 1; revision <= 6; revision += 1) {
    const place = await openReady(page, id)
    await own.revise(id, revision, `Stale, changed ${revision} times`)
    await expectChange(page)
    // Either it still shows the revision before, and the server refuses that, or it has changed and is not armed.
    for (let times = 0; times < 7; times += 1) {
      await page.mouse.click(place.x, place.y)
      await second.keyboard.press('Control+Enter')
      attempts += 2
    }
  }
  late += (await countLateClicks(page)) + (await countLateClicks(second))
  await page.context().close()
  expect(await listDecisions(own)).toEqual([])
})

test('a thousand accidents were tried', () => {
  expect(attempts - late, `seed ${seed}: ${attempts} attempts, ${late} of them so late that they could have been meant`).toBeGreaterThanOrEqual(1_000)
})

test('the same page approves when somebody means it', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'approver')
  await own.showAgain(page, 'approver')
  const id = await own.propose('Meant')
  await openReady(page, id)
  await button(page).click()
  await expect.poll(async () => (await own.ask('admin', `/api/external-actions/${id}`))['state'], { timeout: 30_000 }).toBe('APPROVED')
  await page.context().close()
})
