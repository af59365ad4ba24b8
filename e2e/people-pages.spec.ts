/** Passkeys, people and executor keys in the browser, on a console of its own: somebody comes in, signs in without a password, and goes. */
import { expect } from '@playwright/test'
import type { Page } from '@playwright/test'
import { test } from './control-test.ts'
import { lookAtPage } from './look-at-page.ts'
import { addVirtualAuthenticator } from './virtual-authenticator.ts'

test.afterEach(async ({ own }) => own.releaseAll())

async function makePasskey(page: Page, name: string): Promise<void> {
  await page.goto('/settings/me')
  await page.getByRole('button', { name: /Make your first passkey|Add a passkey/ }).click()
  await page.getByRole('dialog').getByLabel('Name').fill(name)
  await page.getByRole('button', { name: /^(Make|Add) it$/ }).click()
  await expect(page.getByText(`${name} is enrolled.`)).toBeVisible()
}

test('somebody is invited, comes in once, makes a passkey, signs in with it, and cannot any more when they are disabled', async ({
  browser,
  own,
}) => {
  test.setTimeout(180_000)
  const admin = await own.openPage(browser, 'admin')
  await admin.goto('/settings/people')
  await admin.getByRole('button', { name: 'Invite somebody…' }).click()
  await admin.getByLabel('Name').fill('Mira')
  await admin.getByRole('radio', { name: /^approver/ }).check()
  await admin.getByRole('button', { name: 'Make the link' }).click()
  const link = await admin.getByRole('dialog', { name: 'The link for Mira' }).getByTestId('secret').textContent()
  expect(link).toMatch(/\/invite#token=/)
  await admin.keyboard.press('Escape')
  await expect(admin.getByTestId('secret')).toBeVisible()
  await admin.getByRole('button', { name: 'I have copied it' }).click()
  await expect(admin.getByText('Mira is invited.')).toBeVisible()

  const context = await browser.newContext({ baseURL: new URL(link!).origin })
  const page = await context.newPage()
  await addVirtualAuthenticator(page)
  await page.goto(link!)
  await expect(page.getByRole('heading', { level: 1, name: 'Come in as Mira' })).toBeVisible()
  expect(page.url()).not.toContain('token')
  await page.getByLabel('Choose a password').fill('too short')
  await page.getByRole('button', { name: 'Come in' }).click()
  await expect(page.getByText('Use at least 15 characters')).toBeVisible()
  await expect(page.getByLabel('Choose a password')).toHaveValue('too short')
  await page.getByLabel('Choose a password').fill('velvet tractor under nine moons')
  await page.getByRole('button', { name: 'Come in' }).click()
  await expect(page.getByText('You are in.')).toBeVisible()
  await makePasskey(page, 'The key of Mira')

  await page.goto(link!)
  await expect(page.getByText('This link does not hold')).toBeVisible()

  await page.context().clearCookies()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page).toHaveURL(/\/$/)
  await page.goto('/settings/me')
  await expect(page.getByText('with a passkey', { exact: false }).first()).toBeVisible()

  const row = admin.getByRole('listitem').filter({ hasText: 'Mira' })
  await row.getByRole('button', { name: 'Manage… Mira' }).click()
  await admin.getByRole('radio', { name: /^Disable/ }).check()
  await admin.getByLabel('Why they may not sign in').fill('left the company')
  await admin.getByRole('button', { name: 'Disable', exact: true }).click()
  await expect(row.getByText('Disabled')).toBeVisible()

  await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible({ timeout: 30_000 })
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page.getByText('This passkey signs nobody in')).toBeVisible()
  await context.close()
  await admin.context().close()
})

test('whoever has a passkey signs a release; a prompt that fails loses nothing that was typed, and the focus goes where the answer is', async ({
  browser,
  own,
}) => {
  test.setTimeout(120_000)
  const page = await own.openPage(browser, 'admin')
  const authenticator = await addVirtualAuthenticator(page)
  await makePasskey(page, 'The key of the admin')
  await own.ask('approver', '/api/control/brake', { scope: { kind: 'all', id: '' }, reason: 'a look' })
  await page.goto('/brake')
  await page.getByRole('button', { name: 'Release everything…' }).click()
  const release = page.getByRole('dialog', { name: 'Release everything' })
  await release.getByLabel('Why it may go on').fill('It was nothing.')
  await release.getByRole('checkbox').check()
  await release.getByRole('button', { name: /^Release$/ }).click()

  const ask = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await authenticator.recognise(false)
  await ask.getByRole('button', { name: 'Sign with a passkey' }).click()
  await expect(ask.getByRole('alert')).toContainText('Nothing happened')
  await ask.getByRole('button', { name: 'Cancel' }).click()
  await expect(release).toContainText('you did not confirm that it is you')
  await expect(release.getByLabel('Why it may go on')).toHaveValue('It was nothing.')

  await authenticator.recognise(true)
  await release.getByRole('button', { name: /^Release$/ }).click()
  await ask.getByRole('button', { name: 'Sign with a passkey' }).click()
  const heading = page.getByRole('heading', { level: 1, name: 'Nothing is stopped.' })
  await expect(heading).toBeFocused()
  expect((await own.control()).brake_engaged).toBe(false)

  // Leave the person of the other tests as they were.
  await page.goto('/settings/me')
  await page.getByRole('button', { name: 'Remove… The key of the admin' }).click()
  await expect(page.getByText('This is your only passkey.')).toBeVisible()
  await page.getByRole('button', { name: 'Remove it' }).click()
  await ask.getByRole('button', { name: 'Sign with a passkey' }).click()
  await expect(page.getByText('The key of the admin is out of use.')).toBeVisible()
  await page.context().close()
})

test('a key is shown once, rotated while the old one still works, and revoked; who is no admin reads why not', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'admin')
  await page.goto('/settings/keys')
  await page.getByRole('button', { name: 'New executor…' }).click()
  await page.getByLabel('Name').fill('page-writer')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await expect(page.getByTestId('secret')).toHaveText(/^apk_/)
  await expect(page.getByText(/^curl -H/)).toBeVisible()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  const section = page.getByRole('region', { name: 'page-writer' })
  await expect(section.getByText('Works', { exact: true })).toBeVisible()

  await section.getByRole('button', { name: /^Rotate/ }).click()
  await page.getByRole('button', { name: 'Make the new key' }).click()
  await expect(page.getByText(/works until/).first()).toBeVisible()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect(section.getByText('Replaced', { exact: true })).toBeVisible()

  const replaced = section.getByRole('listitem').filter({ hasText: 'Replaced' })
  await replaced.getByRole('button', { name: /^Revoke/ }).click()
  await page.getByRole('button', { name: 'Revoke it' }).click()
  await expect(section.getByText('One key that is over')).toBeVisible()
  await page.context().close()

  const viewer = await own.openPage(browser, 'viewer')
  await viewer.goto('/settings/people')
  await expect(viewer.getByText('Inviting and changing people needs an admin; you are viewer.')).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'Invite somebody…' })).toHaveAttribute('aria-disabled', 'true')
  await expect(viewer.getByRole('button', { name: /^Manage/ })).toHaveCount(0)
  await viewer.context().close()
})

for (const colorScheme of ['dark', 'light'] as const) {
  test(`the settings pages hold together at every width, with ugly names, for everybody: ${colorScheme}`, async ({ browser, own }) => {
    test.setTimeout(120_000)
    for (const name of ['נועה לוי־שפירא', `Wolfeschlegel${'steinhausen'.repeat(7)} ${colorScheme}`]) {
      await own.ask('admin', '/api/operators', { name: `${name} ${colorScheme}`.slice(0, 100), role: 'viewer' })
    }
    for (const [role, path, title] of [
      ['admin', '/settings/people', 'People'],
      ['admin', '/settings/keys', 'Executor keys'],
      ['viewer', '/settings/keys', 'Executor keys'],
      ['approver', '/settings/me', 'Your settings'],
    ] as const) {
      const page = await own.openPage(browser, role, { colorScheme })
      await page.goto(path)
      await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
      await expect(page.locator('[aria-busy=true]')).toHaveCount(0)
      await lookAtPage(page, `settings-${role}-${path.split('/').at(-1)}-${colorScheme}`)
      await page.context().close()
    }
  })
}
