/** The journey the way people make it in production: a browser, https, nginx, BFF, control plane. */
import type { AuditEntry } from '@autopack/contract/audit'
import type { ExternalAction, ExternalActionSummary } from '@autopack/contract/external-actions'
import { expect } from '@playwright/test'
import { forms, test } from './nginx-test.ts'

test('sign in, watch the run live, approve, see the outcome, read the log: over https through nginx, without one complaint of the browser', async ({
  behind,
  browser,
}) => {
  const context = await browser.newContext({ baseURL: forms.tls, ignoreHTTPSErrors: true })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // Who is not signed in yet is told so, on purpose.
    if (message.type() === 'error' && !/status of 401/.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  const read = async <T>(path: string): Promise<T> => (await page.request.get(path)).json() as Promise<T>

  await page.goto('/runs')
  await expect(page).toHaveURL(/\/sign-in/)
  expect(await page.evaluate<string>("performance.getEntriesByType('navigation')[0].nextHopProtocol")).toBe('h2')
  await page.getByRole('textbox', { name: 'Name' }).fill('approver')
  await page.getByLabel('Password', { exact: true }).fill(behind.password('approver'))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/runs$/)
  const session = (await context.cookies()).find((cookie) => cookie.name === '__Host-session')
  expect(session).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/' })

  await page.getByRole('row').filter({ hasText: 'demo-agent' }).first().getByRole('link').first().click()
  await expect(page.getByText('Publish', { exact: false }).first()).toBeVisible()
  let id = ''
  await expect(async () => {
    id = (await read<{ items: { action: ExternalActionSummary }[] }>('/api/approvals?scope=actionable')).items[0]!.action.action_id
  }).toPass({ timeout: 60_000 })
  // Without a reload: the stream said that the run waits for a person now.
  await expect(page.getByText(/waiting for|needs/i).first()).toBeVisible()

  await page.goto(`/approvals/${id}`)
  await page.getByLabel('Reason for approving').fill('read through nginx')
  const button = page.getByRole('button', { name: /^Approve/ })
  await expect(button).toHaveAttribute('aria-disabled', 'false')
  await button.click()
  await expect(page.getByText(/proposed = approved = sent/i).first()).toBeVisible({ timeout: 30_000 })
  const done = await read<ExternalAction>(`/api/external-actions/${id}`)
  expect(done).toMatchObject({ state: 'COMPLETED', execution: { sent: 'yes' } })
  expect(done.execution!.sent_sha256).toBe(done.execution!.expected_sha256)

  await page.goto(`/audit?q=action:${id}`)
  for (const words of [/proposed/i, /approved/i, /claimed|taken/i]) await expect(page.getByText(words).first()).toBeVisible()
  const { items } = await read<{ items: AuditEntry[] }>(`/api/audit?q=action:${id}`)
  await page.goto(`/audit/${items[0]!.seq}`)
  await expect(page.getByText(items[0]!.hash).first()).toBeVisible()
  expect(complaints).toEqual([])
  await context.close()
  // What the log of nginx says about it: paths, no queries, no cookies.
  const paths = [...behind.nginx.tls.accessLog().matchAll(/"path":"([^"]*)"/g)].map((found) => found[1])
  expect(paths).toContain('/audit')
  expect(paths.filter((path) => path?.includes('?'))).toEqual([])
  expect(behind.nginx.tls.accessLog().includes(session!.value)).toBe(false)
})
