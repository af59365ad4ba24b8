/** Caps and switches: what they say, who may change them, and what changing them does. On a console of its own. */
import { expect } from '@playwright/test'
import { test } from './control-test.ts'
import { lookAtPage } from './look-at-page.ts'

test.afterEach(async ({ own }) => {
  const { caps, switches } = await own.control()
  for (const { scope, currency, working, ceiling } of caps)
    if (scope === null && working !== null) await own.ask('admin', '/api/control/caps', { currency, cap: ceiling, reason: 'the test is over' })
  for (const { name, row, ceiling } of switches)
    if (row !== ceiling && (name === 'DRY_RUN' ? !ceiling : ceiling))
      await own.ask('admin', '/api/control/switches', { name, on: ceiling, reason: 'the test is over' })
})

test('an approver lowers a cap and learns what is left, and is told who may raise it and what the ceiling is', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'approver')
  await page.goto('/limits')
  const row = page.getByRole('row', { name: /Spend in USD/ })
  await expect(row).toContainText('of $25.00')
  await row.getByRole('button', { name: 'Change Spend in USD, all kinds…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Spend in USD, all kinds' })
  await expect(dialog).toContainText('AUTOPACK_MAX_DAILY_SPEND_USD')

  const value = dialog.getByLabel(/^A day/)
  for (const [text, words] of [
    ['25.01', 'Set: over the ceiling'],
    ['nothing', 'Set: write an amount in USD'],
    ['1.234', 'Set: write an amount in USD'],
    ['10', 'Set: say why first'],
  ] as const) {
    await value.fill(text)
    await expect(dialog.getByRole('button', { name: words })).toHaveAttribute('aria-disabled', 'true')
  }
  await expect(dialog).toContainText(/Leaves \$\d+\.\d\d for the rest of today\./)
  await dialog.getByLabel('Why').fill('quiet weekend')
  await page.keyboard.press('Enter')
  await expect(dialog).toBeHidden()
  await expect(row).toContainText('of $10.00')
  await expect(row).toContainText('set to $10.00 of $25.00 by approver')

  await row.getByRole('button', { name: /^Change/ }).click()
  await value.fill('20')
  await dialog.getByLabel('Why').fill('busy Monday')
  await expect(dialog.getByRole('button', { name: 'Set: raising needs an admin' })).toBeVisible()
  await page.keyboard.press('Enter')
  expect((await own.control()).caps.find(({ scope, currency }) => scope === null && currency === 'USD')?.cap).toBe(1_000)
  await page.context().close()
})

test('a cap of nothing binds first by name, ends its scale in an arrow, and says that what waits cannot be taken', async ({ browser, own }) => {
  await own.propose('Waits under a cap of nothing')
  await own.ask('approver', '/api/control/caps', { currency: null, cap: 0, reason: 'no more today' })
  const page = await own.openPage(browser, 'viewer')
  await page.goto('/limits')
  await expect(page.getByText(/Actions, all kinds is set to nothing: \d+ waiting, none of it can be taken\./)).toBeVisible()
  await expect(page.getByRole('row').nth(1)).toContainText('binding')
  await expect(page.getByRole('row').nth(1).locator('.scale')).toHaveClass(/over/)
  const change = page.getByRole('button', { name: 'Change Actions, all kinds…' })
  await expect(change).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByText('Setting a cap needs an approver or an admin; you are viewer.')).toBeVisible()
  await page.context().close()
})

test('a switch is turned off with Enter, on only by an admin with a reason and a tick, and never beyond the environment', async ({
  browser,
  own,
}) => {
  const page = await own.openPage(browser, 'approver')
  await page.goto('/limits')
  const external = page.getByRole('switch', { name: 'External actions' })
  await expect(external).toBeChecked()
  await external.click()
  await expect(page.getByRole('dialog', { name: 'Turn External actions off' }).getByLabel('Why')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(external).not.toBeChecked()
  await expect(page.getByText('off here, the environment allows on')).toBeVisible()
  expect((await own.control()).external_actions_enabled).toBe(false)
  await external.click({ force: true })
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByText('turning it on needs an admin; you are approver')).toBeVisible()
  await page.context().close()

  const asAdmin = await own.openPage(browser, 'admin')
  await asAdmin.goto('/limits')
  const etsy = asAdmin.getByRole('switch', { name: 'ETSY_PUBLISH' })
  await expect(etsy).toHaveAttribute('aria-disabled', 'true')
  await expect(etsy).toHaveAccessibleDescription('the environment says off: changing it needs a new start')
  await asAdmin.getByRole('switch', { name: 'External actions' }).click()
  const dialog = asAdmin.getByRole('dialog', { name: 'Turn External actions on' })
  await expect(dialog.getByRole('button', { name: 'Turn on: say why first' })).toHaveAttribute('aria-disabled', 'true')
  await dialog.getByLabel('Why').fill('all looked at')
  await asAdmin.keyboard.press('Enter')
  await expect(dialog.getByRole('button', { name: 'Turn on: tick the box first' })).toBeVisible()
  expect((await own.control()).external_actions_enabled).toBe(false)
  await dialog.getByRole('checkbox').check()
  await dialog.getByRole('button', { name: 'Turn on' }).click()
  await expect(asAdmin.getByRole('switch', { name: 'External actions' })).toBeChecked()
  expect((await own.control()).external_actions_enabled).toBe(true)
  await asAdmin.context().close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the limits are accessible and fit from phone to wall in their moments, ${colorScheme}`, async ({ browser, own }) => {
    await own.propose('Waits')
    await own.ask('approver', '/api/control/caps', { currency: 'USD', cap: 10, reason: 'small' })
    const page = await own.openPage(browser, 'admin', { colorScheme })
    await page.goto('/limits')
    await expect(page.getByRole('row', { name: /Spend in USD/ })).toBeVisible()
    await lookAtPage(page, `limits-${colorScheme}`)
    await page.getByRole('button', { name: 'Change Spend in USD, all kinds…' }).click()
    await page.getByLabel(/^A day/).fill('99999999999')
    await lookAtPage(page, `limits-cap-${colorScheme}`)
    await page.keyboard.press('Escape')
    await page.getByRole('switch', { name: 'Dry run' }).click()
    await lookAtPage(page, `limits-switch-${colorScheme}`)
    await page.context().close()
  })
}
