/** A deployment with one person, who may approve what they asked for themselves: each time it is said in red, where it is decided and in the audit log. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { lookAtPage } from './look-at-page.ts'
import { listingText } from './own-executor.ts'
import { ownDeployment, startOwnDeployment } from './start-own-deployment.ts'
import type { OwnDeployment } from './start-own-deployment.ts'

const folder = mkdtempSync(join(tmpdir(), 'autopack-sole-'))
const person = { name: 'Ada Lovelace', password: 'velvet tractor under nine moons' }
let deployment: OwnDeployment | undefined

test.use({ baseURL: ownDeployment.origin })
test.beforeAll(async () => {
  deployment = await startOwnDeployment(folder, { AUTOPACK_SOLE_OPERATOR: '1' })
})
test.afterAll(async () => {
  await deployment?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('the only operator approves what they asked for, and a red line says so on the page and in the audit log', async ({ page }) => {
  const headers = { origin: ownDeployment.origin, 'x-csrf': '1' }
  const ask = async (path: string, data: unknown) => {
    const answer = await page.request.post(path, { headers, data })
    expect(answer.ok(), await answer.text()).toBe(true)
    return (await answer.json()) as Record<string, string>
  }
  await ask('/api/auth/setup', { token: new URL(deployment!.setUpLink()!).hash.slice('#token='.length), ...person })
  const { secret } = await ask('/api/executor-keys', { executor_name: 'shop-writer' })
  const asExecutor = async (path: string, body: unknown) => {
    const answer = await fetch(`${ownDeployment.controlPlaneUrl}${path}`, {
      method: 'POST',
      headers: { 'x-api-key': secret!, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify(body),
    })
    expect(answer.ok, await answer.clone().text()).toBe(true)
    return (await answer.json()) as { action_id: string }
  }
  await asExecutor('/runs/start', { run: { run_id: 'nightly-1', name: 'Autumn listings', started_by: person.name } })
  const { action_id } = await asExecutor('/external-actions', { payload: listingText({ title: 'My own desk' }), escalate: true, run_id: 'nightly-1' })

  await page.setViewportSize({ width: 1440, height: 1400 })
  await page.goto(`/approvals/${action_id}`)
  await expect(page.getByText('Still needed: you')).toBeVisible()
  await page.getByLabel('Reason for approving').fill('Nobody else is here.')
  for (const part of await page.locator('.sheet [data-must-see]').all()) await part.scrollIntoViewIfNeeded()
  await expect(page.locator('button.sign')).toHaveAttribute('aria-disabled', 'false')
  await page.locator('button.sign').click()

  const line = page.locator('.outcome .irrev', { hasText: 'Approved what they asked for themselves, as the only approver there is' })
  await expect(line).toBeVisible()
  const evidence = page.getByRole('complementary', { name: 'Evidence' })
  await expect(evidence.locator('.irrev', { hasText: 'Approved what they asked for themselves' })).toBeVisible()
  // The colour of what failed or cannot be undone, and of nothing else on this page.
  const failed = await page.evaluate(`(() => {
    const probe = document.body.appendChild(document.createElement('i'))
    probe.className = 'irrev'
    const { color } = getComputedStyle(probe)
    probe.remove()
    return color
  })()`)
  await expect(line).toHaveCSS('color', failed as string)
  for (const theme of ['light', 'dark'] as const) {
    await page.locator('html').evaluate((root, chosen) => root.setAttribute('data-theme', chosen), theme)
    await lookAtPage(page, `sole-operator-${theme}`)
  }
  await page.goto('/audit')
  const mark = page.locator('.irrev', { hasText: 'own request' })
  await expect(mark).toHaveCount(1)
  // With “not signed” beside it, and neither cut off.
  const cell = mark.locator('..')
  await expect(cell).toHaveText('own request, not signed')
  expect(await cell.evaluate((part) => part.scrollWidth <= part.clientWidth)).toBe(true)
  await lookAtPage(page, 'sole-operator-audit')
  const { items } = (await (await page.request.get('/api/audit')).json()) as {
    items: { seq: number; event: { proof: { sole_operator: boolean } | null } }[]
  }
  await page.goto(`/audit/${items.find(({ event }) => event.proof?.sole_operator === true)!.seq}`)
  await expect(page.locator('.irrev', { hasText: 'Approved what they asked for themselves' })).toBeVisible()
})
