/** Watching with the keyboard alone: from anywhere to the runs, into a run, its phases, its artifacts, back, and along the audit log. */
import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { askConsole } from './ask-console.ts'
import { signedInAs } from './running-console.ts'

async function expectAccessible(page: Page, state: string): Promise<void> {
  // Half of something stands under the top bar of a page that was scrolled, and is no small target for that.
  await page.evaluate('scrollTo(0, 0)')
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
  expect(
    violations.map(
      (found) =>
        `${state}: ${found.id}: ${found.nodes.map((node) => `${node.target.join(' ')} (${node.any.map(({ message }) => message).join('; ')})`).join(', ')}`,
    ),
  ).toEqual([])
}

async function findRunWithArtifacts(): Promise<string> {
  let runId = ''
  await expect(async () => {
    const { items } = await askConsole('viewer', '/api/runs')
    const found = items.find((run) => run.artifacts_count > 0 && run.phases_total > 1)
    expect(found).toBeDefined()
    runId = found!.run_id
  }).toPass({ timeout: 45_000 })
  return runId
}

for (const [theme, role] of [
  ['light', 'approver'],
  ['dark', 'viewer'],
] as const) {
  test(`with the keyboard alone a person goes to a run, its phases, its artifacts, and along the audit log, ${theme}, as ${role}`, async ({
    browser,
  }) => {
    const runId = await findRunWithArtifacts()
    const context = await browser.newContext({ storageState: signedInAs(role), colorScheme: theme })
    const page = await context.newPage()
    await page.goto('/audit')
    await expect(page.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible()

    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
    const selected = page.locator('tr[aria-selected="true"]')
    await expect(page.locator(`tr[data-run="${runId}"]`)).toBeVisible()
    await expect(selected).toHaveCount(0)
    await page.keyboard.press('j')
    await expect(selected).toHaveCount(1)
    await page.keyboard.press('Escape')
    await expect(selected).toHaveCount(0)
    const rows = await page.locator('tr[data-run]').evaluateAll((all) => all.map((row) => row.getAttribute('data-run')))
    for (let n = 0; n <= rows.indexOf(runId) + 1; n += 1) await page.keyboard.press('j')
    // One too far where there is one more; the way back is the other key.
    if (rows.at(-1) !== runId) await page.keyboard.press('k')
    await expect(selected).toHaveAttribute('data-run', runId)
    await expectAccessible(page, 'a selected run')

    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(new RegExp(`/runs/${runId}$`))
    const inspector = page.getByRole('complementary', { name: /^Phase / })
    await expect(inspector).toBeVisible()
    await page.keyboard.press('k')
    await expect(page).toHaveURL(/[?&]step=/)
    await page.keyboard.press('j')
    const step = new URL(page.url()).searchParams.get('step')!
    await expect(inspector).toContainText(step)
    await expectAccessible(page, 'a phase')

    const viewer = page.getByRole('link', { name: 'Open the viewer' })
    await viewer.focus()
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(new RegExp(`/runs/${runId}/artifacts`))
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.goBack()
    await expect(page).toHaveURL(new RegExp(`/runs/${runId}\\?step=`))
    await expect(inspector).toContainText(step)

    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await expect(page.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible()
    await expect(page.getByRole('region', { name: 'Entries' })).toBeVisible()
    await page.keyboard.press('j')
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/audit\/\d+$/)
    await expect(page.getByRole('region', { name: 'The entry' })).toBeVisible()
    const seq = Number(page.url().split('/').at(-1))
    await page.keyboard.press('[')
    await expect(page).toHaveURL(/\/audit\/\d+$/)
    // What the person may not see is said, and is no dead end.
    await expect(page).toHaveURL(new RegExp(`/audit/${seq - 1}$`))
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await page.keyboard.press(']')
    await expect(page).toHaveURL(new RegExp(`/audit/${seq}$`))
    await expectAccessible(page, 'an audit entry')

    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keys on this page' })
    await expect(sheet).toContainText('the entry before')
    await expectAccessible(page, 'the sheet of keys')
    await page.keyboard.press('g')
    await page.keyboard.press('r')
    await expect(page, 'keys are off under a dialog').toHaveURL(new RegExp(`/audit/${seq}$`))
    await page.keyboard.press('Escape')
    await expect(sheet).toBeHidden()
    await context.close()
  })
}

test('on a phone a phase opens as a page of its own, and the way back leads to all phases', async ({ browser }) => {
  const runId = await findRunWithArtifacts()
  const context = await browser.newContext({ storageState: signedInAs('viewer'), viewport: { width: 360, height: 780 } })
  const page = await context.newPage()
  await page.goto(`/runs/${runId}`)
  const timeline = page.getByRole('region', { name: 'Timeline' })
  await timeline.getByRole('link').first().click()
  await expect(timeline).toBeHidden()
  await expect(page.getByRole('complementary', { name: /^Phase / })).toBeInViewport()
  await expectAccessible(page, 'a phase on a phone')
  await page.goBack()
  await expect(timeline).toBeVisible()
  await timeline.getByRole('link').first().click()
  await page.getByRole('link', { name: 'All phases' }).click()
  await expect(timeline).toBeVisible()
  await context.close()
})
