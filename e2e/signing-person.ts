/** A person with a browser, a session and a passkey of their own, invited for one test: nothing they do reaches the people of another one. */
import { expect } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import type { OwnConsole } from './control-test.ts'
import { addAuthenticator } from './passkeys/own-authenticator.ts'
import type { OwnAuthenticator } from './passkeys/own-authenticator.ts'

export type SigningPerson = {
  name: string
  password: string
  page: Page
  /** Makes a first passkey on the page of settings. */
  makePasskey: () => Promise<OwnAuthenticator>
  /** Opens the action, types the reason, brings everything that must be seen on screen, and waits until approving is possible. */
  arm: (actionId: string, reason: string) => Promise<void>
}

const password = 'velvet tractor under nine moons'

export const signButton = (page: Page) => page.locator('button.sign')

export async function openSigningPerson(browser: Browser, own: OwnConsole, name: string): Promise<SigningPerson> {
  const { secret } = await own.ask('admin', '/api/operators', { name, role: 'approver' })
  const context = await browser.newContext({ baseURL: own.origin, viewport: { width: 1440, height: 1400 } })
  const accepted = await context.request.post('/api/auth/invite', {
    data: { token: secret, password },
    headers: { origin: own.origin, 'x-csrf': '1' },
  })
  expect(accepted.status(), await accepted.text()).toBe(200)
  const page = await context.newPage()
  return {
    name,
    password,
    page,
    async makePasskey() {
      const device = await addAuthenticator(page)
      await page.goto('/settings/me')
      await page.getByRole('button', { name: 'Make your first passkey' }).click()
      await page.getByRole('dialog').getByLabel('Name').fill(`The key of ${name}`)
      await page.getByRole('button', { name: 'Make it' }).click()
      await expect(page.getByText(`The key of ${name} is enrolled.`)).toBeVisible()
      return device
    },
    async arm(actionId, reason) {
      await page.goto(`/approvals/${actionId}`)
      await page.getByLabel('Reason for approving').fill(reason)
      for (const part of await page.locator('.sheet [data-must-see]').all()) await part.scrollIntoViewIfNeeded()
      await expect(signButton(page)).toHaveAttribute('aria-disabled', 'false')
    },
  }
}
