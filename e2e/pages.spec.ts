/** Every page, both themes, phone to desktop: reachable by people with disabilities, clean under the policy, nothing cut off. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { askConsole } from './ask-console.ts'
import { root, signedInAs } from './running-console.ts'

const screenshots = join(root, '.cache/screenshots')
const sizes = [
  { name: 'phone', width: 360, height: 780, also: { name: 'tablet', width: 768, height: 1024 } },
  { name: 'desktop', width: 1440, height: 900, also: { name: 'wide', width: 1920, height: 1080 } },
] as const

async function addresses(): Promise<Record<string, string>> {
  let id = ''
  await expect(async () => {
    id = (await askConsole('approver', '/api/approvals?scope=actionable')).items[0]!.action.action_id
  }).toPass({ timeout: 45_000 })
  const { run_id } = await askConsole('approver', `/api/external-actions/${id}`)
  const { items } = await askConsole('approver', `/api/runs/${run_id}/artifacts/index`)
  const artifact = (wanted: (item: (typeof items)[number]) => boolean) =>
    `/runs/${run_id}/artifacts?path=${encodeURIComponent(items.find(wanted)!.path)}`
  const { items: decided } = await askConsole('approver', '/api/approvals?scope=decided')
  return {
    now: '/',
    approvals: '/approvals',
    'approvals-decided': '/approvals?scope=decided',
    decision: `/approvals/${id}`,
    'decision-fields': `/approvals/${id}?view=fields`,
    'decision-raw': `/approvals/${id}?view=raw`,
    'decision-seal': `/approvals/${id}?view=seal`,
    ...(decided[0] ? { outcome: `/approvals/${decided[0].action.action_id}` } : {}),
    runs: '/runs',
    'runs-filtered-empty': '/runs?q=nothing-is-called-this',
    run: `/runs/${run_id}`,
    'artifact-text': artifact((item) => item.shown_as === 'text' && (item.redactions?.count ?? 0) > 0),
    'artifact-document': artifact((item) => item.path.endsWith('.md')),
    'artifact-source': `${artifact((item) => item.path.endsWith('.md'))}&as=source`,
    'artifact-log': artifact((item) => item.path.endsWith('.log')),
    'artifact-picture': artifact((item) => item.shown_as === 'image'),
    actions: '/actions',
    'actions-filtered-empty': '/actions?q=nothing-is-called-this',
    action: `/actions/${id}?revision=1`,
    audit: '/audit',
    'audit-filtered-empty': '/audit?q=nothing-is-called-this',
    'audit-fault': '/audit?q=result:maybe',
    'audit-entry': '/audit/1',
    'audit-verify': '/audit/verify',
    limits: '/limits',
    brake: '/brake',
    'brake-why': '/brake?scope=all',
    'brake-plain': '/brake/plain',
    settings: '/settings/me',
    'not-found': '/nothing/here',
  }
}

for (const theme of ['light', 'dark'] as const) {
  for (const size of sizes) {
    test(`every page is accessible, keeps to the policy and fits, ${theme}, ${size.name}`, async ({ browser }) => {
      test.setTimeout(600_000)
      mkdirSync(screenshots, { recursive: true })
      const context = await browser.newContext({ storageState: signedInAs('approver'), colorScheme: theme, viewport: size })
      const page = await context.newPage()
      const complaints: string[] = []
      page.on('console', (message) => {
        // A page that is not there answers 404 on purpose; everything else that the browser complains about is ours.
        if (message.type() === 'error') complaints.push(`${page.url()}: ${message.text()}`)
      })
      page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
      for (const [name, address] of Object.entries(await addresses())) {
        await page.goto(address)
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await expect(page.locator('[aria-busy="true"]')).toHaveCount(0)
        const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
        expect(violations.map((found) => `${name}: ${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
        for (const { width, height, name: sizeName } of [size, size.also]) {
          await page.setViewportSize({ width, height })
          await page.screenshot({ path: join(screenshots, `${name}-${theme}-${sizeName}.png`) })
          const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
          expect(overflow, `${name} is wider than a window of ${width}`).toBeLessThanOrEqual(0)
        }
        await page.setViewportSize(size)
      }
      expect(complaints).toEqual([])
      await context.close()
    })
  }
}

test('the sign-in page is accessible and keeps to the policy in both themes', async ({ browser }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ colorScheme })
    const page = await context.newPage()
    await page.goto('/sign-in')
    await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
    await page.screenshot({ path: join(screenshots, `sign-in-${colorScheme}-desktop.png`) })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map((found) => found.id)).toEqual([])
    await context.close()
  }
})

test('with the keyboard alone: to the queue, into the action, reject with a reason asked, and back without deciding', async ({ browser }) => {
  const { decision } = await addresses()
  const context = await browser.newContext({ storageState: signedInAs('approver') })
  const page = await context.newPage()
  await page.goto('/runs')
  await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page).toHaveURL(/\/approvals/)
  await page.goto(decision!)
  await expect(page.getByRole('button', { name: /^Reject/ })).toBeEnabled()
  await page.keyboard.press('r')
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  for (let n = 0; n < 3; n += 1) await page.keyboard.press('Enter')
  expect((await askConsole('approver', `/api/external-actions/${decision!.split('/').at(-1)!}`)).state).toBe('PENDING')
  await context.close()
})
