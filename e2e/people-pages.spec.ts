/** Passkeys, people and executor keys in the browser, on a console of its own: somebody comes in, signs in without a password, and goes. */
import { expect } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { test } from './control-test.ts'
import type { OwnConsole } from './control-test.ts'
import { lookAtPage } from './look-at-page.ts'
import { addVirtualAuthenticator } from './virtual-authenticator.ts'

test.afterEach(async ({ own }) => own.releaseAll())

async function makePasskey(page: Page, name: string): Promise<void> {
  await page.goto('/settings/me')
  await page.getByRole('button', { name: /Make your first passkey|Add a passkey/ }).click()
  const field = page.getByRole('dialog').getByLabel('Name')
  await expect(field).toBeFocused()
  await expect(field).toHaveValue(/^(Headless )?Chrome on Linux( \d)?$/)
  await field.fill(name)
  await page.getByRole('button', { name: /^(Make|Add) it$/ }).click()
  await expect(page.getByText(`${name} is enrolled.`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add a passkey' })).toBeFocused()
}

/** Somebody new with a session and a device of their own; nothing they do reaches the people of another test. */
async function comeIn(browser: Browser, own: OwnConsole, name: string) {
  const { secret } = await own.ask('admin', '/api/operators', { name, role: 'approver' })
  const context = await browser.newContext({ baseURL: own.origin })
  const page = await context.newPage()
  const device = await addVirtualAuthenticator(page)
  const headers = { origin: own.origin, 'x-csrf': '1' }
  const accepted = await page.request.post('/api/auth/invite', { headers, data: { token: secret, password } })
  expect(accepted.status(), await accepted.text()).toBe(200)
  return { page, device }
}
const password = 'velvet tractor under nine moons'

test('somebody is invited, comes in once, makes a passkey, signs in with it, and cannot any more when they are disabled', async ({
  browser,
  own,
}) => {
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
  await expect(admin.getByRole('button', { name: 'Invite somebody…' })).toBeFocused()

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
  await page.getByLabel('Choose a password').fill(password)
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
  await admin.getByRole('radio', { name: /^Change the role/ }).check()
  await admin.getByRole('radio', { name: /^viewer/ }).check()
  await admin.getByLabel('Why another role').fill('reads only, from today')
  await admin.getByRole('button', { name: 'Change the role', exact: true }).click()
  await expect(admin.getByText('Mira is viewer now, and signs in again.')).toBeVisible()
  await expect(row.getByRole('button', { name: 'Manage… Mira' })).toBeFocused()
  // Their session is over with the role: in again with the passkey.
  await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible({ timeout: 30_000 })
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page).toHaveURL(/\/$/)

  await row.getByRole('button', { name: 'Manage… Mira' }).click()
  await admin.getByRole('radio', { name: /^Disable/ }).check()
  await admin.getByLabel('Why they may not sign in').fill('left the company')
  await admin.getByRole('button', { name: 'Disable', exact: true }).click()
  await expect(row.getByText('Disabled')).toBeVisible()
  await expect(row.getByRole('button', { name: 'Manage… Mira' })).toBeFocused()

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
  await expect(page.getByRole('button', { name: 'Make your first passkey' })).toBeFocused()
  await page.context().close()
})

test('a key is shown once, rotated while the old one still works, and revoked; who is no admin reads why not', async ({ browser, own }) => {
  const page = await own.openPage(browser, 'admin')
  await page.goto('/settings/keys')
  await page.getByRole('button', { name: 'New executor…' }).click()
  await page.getByLabel('Name').fill('page-writer')
  await page.getByRole('button', { name: 'Make the key' }).click()
  await expect(page.getByTestId('secret')).toHaveText(/^apk_/)
  // What is copied into a shell stays in its history: the command has no secret in it.
  await expect(page.getByText(/^curl -H/)).toHaveText('curl -H "x-api-key: $AUTOPACK_EXECUTOR_KEY" "$AUTOPACK_URL/control"')
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect(page.getByRole('button', { name: 'New executor…' })).toBeFocused()
  const section = page.getByRole('region', { name: 'page-writer' })
  await expect(section.getByText('Works', { exact: true })).toBeVisible()

  await section.getByRole('button', { name: /^Rotate/ }).click()
  await page.getByRole('button', { name: 'Make the new key' }).click()
  await expect(page.getByText(/works until/).first()).toBeVisible()
  await page.getByRole('button', { name: 'I have copied it' }).click()
  await expect(section.getByText('Replaced', { exact: true })).toBeVisible()
  const said = page.getByText('page-writer has a new key.')
  await expect(said).toBeFocused()

  const replaced = section.getByRole('listitem').filter({ hasText: 'Replaced' })
  await replaced.getByRole('button', { name: /^Revoke/ }).click()
  await page.getByRole('button', { name: 'Revoke it' }).click()
  await expect(section.getByText('One key that is over')).toBeVisible()
  await expect(page.getByText(/opens nothing any more\.$/)).toBeFocused()

  await section.getByRole('button', { name: 'Hand over: page-writer…' }).click()
  const hand = page.getByRole('dialog', { name: 'Hand over page-writer' })
  await hand.getByLabel('New owner').selectOption({ label: 'approver, approver' })
  await hand.getByLabel('Why').fill('looks after the shop now')
  await hand.getByRole('button', { name: 'Hand it over' }).click()
  await expect(section.getByText(/^owned by approver/)).toBeVisible()
  await expect(page.getByText('page-writer belongs to approver now.')).toBeVisible()
  await expect(section.getByRole('button', { name: 'Hand over: page-writer…' })).toBeFocused()
  await page.context().close()

  // Its owner rotates and shares; what takes an admin is said once, and no button for it is dead.
  const owner = await own.openPage(browser, 'approver')
  await owner.goto('/settings/keys')
  const owned = owner.getByRole('region', { name: 'page-writer' })
  await expect(owned.getByRole('button', { name: 'Share: page-writer…' })).toBeEnabled()
  await expect(owned.getByRole('button', { name: /^Rotate/ })).toBeVisible()
  await expect(owner.getByRole('main').getByRole('button', { disabled: true })).toHaveText('New executor…')
  await expect(owner.getByText(/needs an admin; you are approver/)).toHaveCount(1)
  await owner.context().close()

  const viewer = await own.openPage(browser, 'viewer')
  await viewer.goto('/settings/people')
  await expect(viewer.getByText('Inviting and changing people needs an admin; you are viewer.')).toBeVisible()
  await expect(viewer.getByRole('button', { name: 'Invite somebody…' })).toHaveAttribute('aria-disabled', 'true')
  await expect(viewer.getByRole('button', { name: /^Manage/ })).toHaveCount(0)
  await viewer.context().close()
})

test('a second passkey is made with the signature of the first; each is renamed and removed by its name, and the focus stays with what was done', async ({
  browser,
  own,
}) => {
  const { page, device } = await comeIn(browser, own, 'Noor')
  await makePasskey(page, 'Key ring')
  const laptop = await addVirtualAuthenticator(page, 'internal')
  // A device that has one of the person's keys makes no second: the first stays untouched until it has to sign.
  await device.touch(false)
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill('Laptop')
  await page.exposeFunction('touchTheFirst', async () => {
    await expect(page.getByText('Made. Now sign with a passkey that you have already.')).toBeVisible()
    await laptop.touch(false)
    await device.touch(true)
  })
  await page.evaluate(`(() => {
    const get = navigator.credentials.get.bind(navigator.credentials)
    navigator.credentials.get = async (asked) => {
      navigator.credentials.get = get
      await window.touchTheFirst()
      return get(asked)
    }
  })()`)
  await page.getByRole('button', { name: 'Add it' }).click()
  await expect(page.getByText('Laptop is enrolled.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add a passkey' })).toBeFocused()
  await expect(page.getByText('Each of them signs in, and signs what you approve.')).toBeVisible()

  await page.getByRole('button', { name: 'Rename Laptop' }).click()
  await expect(page.getByLabel('New name of Laptop')).toBeFocused()
  await page.getByLabel('New name of Laptop').fill('Old laptop')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Rename Old laptop' })).toBeFocused()

  await page.getByRole('button', { name: 'Remove… Old laptop' }).click()
  await expect(page.getByRole('button', { name: /^Remove it/ })).toBeFocused()
  await page.keyboard.press('Enter')
  const ask = page.getByRole('dialog', { name: 'Confirm that it is you' })
  await expect(ask.getByRole('button', { name: 'Sign with a passkey' })).toBeFocused()
  // What is signed is read by its name, not by an id that nobody knows.
  await expect(ask.locator('dl')).toHaveText(/^PasskeyOld laptopAdded\d\d? \w{3}|^PasskeyOld laptopAdded\d\d:\d\d/)
  await lookAtPage(page, 'step-up-passkey-remove')
  await ask.getByRole('button', { name: 'Sign with a passkey' }).click()
  await expect(page.getByText('Old laptop is out of use.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Add a passkey' })).toBeFocused()
  await expect(page.getByRole('button', { name: /^Remove…/ })).toHaveCount(1)
  await page.context().close()
})

test('an admin resets the passkeys of a person: they are out everywhere, the old key opens nothing, and a first one is made anew', async ({
  browser,
  own,
}) => {
  const { page, device } = await comeIn(browser, own, 'Oskar')
  await makePasskey(page, 'Lost key')
  const admin = await own.openPage(browser, 'admin')
  await admin.goto('/settings/people')
  const row = admin.getByRole('listitem').filter({ hasText: 'Oskar' })
  await row.getByRole('button', { name: 'Manage… Oskar' }).click()
  await admin.getByRole('radio', { name: /^Reset the passkeys/ }).check()
  await admin.getByLabel(/^What happened to them/).fill('Lost the key ring; we spoke on the phone.')
  await admin.getByRole('button', { name: 'Reset the passkeys', exact: true }).click()
  await expect(admin.getByText('The passkeys of Oskar are out of use. They may make a first one within 24 hours.')).toBeVisible()
  await expect(row.getByRole('button', { name: 'Manage… Oskar' })).toBeFocused()
  await expect(row).toContainText('no passkey')

  await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible({ timeout: 30_000 })
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page.getByText('This passkey signs nobody in')).toBeVisible()
  await page.getByRole('textbox', { name: 'Name' }).fill('Oskar')
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(/\/$/)
  await device.remove()
  await addVirtualAuthenticator(page)
  await page.goto('/settings/me')
  await expect(page.getByText('Your passkeys were reset by admin')).toContainText('Lost the key ring; we spoke on the phone.')
  await makePasskey(page, 'New key')
  await page.context().clearCookies()
  await page.goto('/sign-in')
  await page.getByRole('button', { name: 'Use a passkey' }).click()
  await expect(page).toHaveURL(/\/$/)
  await page.goto('/audit')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.context().close()
  await admin.context().close()
})

test('ending another session says so, and the focus stays there', async ({ browser, own }) => {
  const { page } = await comeIn(browser, own, 'Pia')
  const other = await browser.newContext({ baseURL: own.origin })
  const headers = { origin: own.origin, 'x-csrf': '1' }
  expect((await other.request.post('/api/auth/login', { headers, data: { name: 'Pia', password } })).status()).toBe(200)
  await page.goto('/settings/me')
  await page.getByRole('button', { name: /^End the session/ }).click()
  await expect(page.getByText('That session is over.')).toBeFocused()
  expect((await other.request.get('/api/auth/me')).status()).toBe(401)
  await other.close()
  await page.context().close()
})

for (const colorScheme of ['dark', 'light'] as const) {
  test(`the settings pages hold together at every width, with ugly names, for everybody: ${colorScheme}`, async ({ browser, own }) => {
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
