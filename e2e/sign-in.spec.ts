/** Signing in and out, being signed out underneath, changing the password. Runs last: it changes the viewer's password. */
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { console_, passwordOf, signedInAs } from './running-console.ts'
import type { RoleName } from './running-console.ts'

async function signIn(page: Page, name: RoleName): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).fill(name)
  await page.getByLabel('Password', { exact: true }).fill(passwordOf(name))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).not.toHaveURL(/\/sign-in/)
}

test('a wrong password is refused in words, and the right one leads to where the person was going', async ({ page }) => {
  await page.goto('/audit')
  await expect(page).toHaveURL(/\/sign-in/)
  await page.getByRole('textbox', { name: 'Name' }).fill('viewer')
  await page.getByLabel('Password', { exact: true }).fill('wrong wrong wrong')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toContainText(/name or password/i)
  await page.getByLabel('Password', { exact: true }).fill(passwordOf('viewer'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/audit/)
  const cookies = await page.context().cookies()
  const session = cookies.find((cookie) => /session/.test(cookie.name))!
  expect(session).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' })
})

test('signing out ends the session, here and in the other tab', async ({ page, context }) => {
  await page.goto('/sign-in')
  await signIn(page, 'viewer')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const cookie = (await context.cookies()).find((found) => /session/.test(found.name))!
  await page.getByRole('button', { name: /viewer.*menu/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
  // The old cookie itself is worth nothing any more.
  const answer = await fetch(`${console_.origin}/api/auth/me`, { headers: { cookie: `${cookie.name}=${cookie.value}` } })
  expect(answer.status).toBe(401)
})

test('a session that ends underneath is renewed in place, and what was typed stays', async ({ page }) => {
  await page.goto('/approvals')
  await signIn(page, 'approver')
  await page.getByRole('row').filter({ hasText: 'demo-agent' }).getByRole('link').first().click()
  await page.getByLabel('Reason for approving').fill('typed before the session ended')
  const headers = { origin: console_.origin, 'x-csrf': '1' }
  expect((await page.context().request.post('/api/auth/logout', { headers, data: {} })).status()).toBe(204)
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' })
  await expect(dialog).toBeVisible()
  await dialog.getByLabel('Password', { exact: true }).fill(passwordOf('approver'))
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await expect(dialog).toBeHidden()
  await expect(page.getByLabel('Reason for approving')).toHaveValue('typed before the session ended')
})

test('the password is changed with the old one, and a short one is refused in words', async ({ browser, page }) => {
  await page.goto('/sign-in')
  await signIn(page, 'viewer')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.goto('/settings/me')
  const fill = async (now: string, next: string) => {
    await page.getByLabel('Current password', { exact: true }).fill(now)
    await page.getByLabel('New password', { exact: true }).fill(next)
    await page.getByLabel('New password again', { exact: true }).fill(next)
    await page.getByRole('button', { name: /Change password/ }).click()
  }
  await fill(passwordOf('viewer'), 'short')
  await expect(page.getByText(/15/).first()).toBeVisible()
  await fill(passwordOf('viewer'), 'heron quartz lantern 41')
  await expect(page.getByText(/changed/i).first()).toBeVisible()
  // The session of the role that was signed in elsewhere has ended.
  const elsewhere = await browser.newContext({ storageState: signedInAs('viewer') })
  expect((await elsewhere.request.get(`${console_.origin}/api/auth/me`)).status()).toBe(401)
  await elsewhere.close()
})
