/**
 * Documents that agents wrote to attack whoever reads them: drawn as what they say, and nothing of them runs, loads or leaves. It makes a
 * run of its own, so it comes after the journey, which looks at the first run there is.
 */
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { console_, readDemoFile, signedInAs } from './running-console.ts'

const runId = 'hostile-markdown'
const secret = `AKIA${'Q7'.repeat(8)}`
const hostile = `# Report <script>window.hacked = 1</script>

<script>window.hacked = 1</script><img src=x onerror="window.hacked = 1"><iframe src="https://evil.example"></iframe>

[click](javascript:window.hacked=1) [data](data:text/html,<script>window.hacked=1</script>) [away](https://accounts.example.net.evil.example/login) <http://a(b/> [https://google.example](https://goo+gle.example)

![pixel](https://evil.example/pixel.gif?who=me) ![data](data:image/gif;base64,R0lGODlhAQABAAAAACw=) ![own](/api/auth/me)

key ${secret} and \`${secret}\`, spelt &#91;redacted · jwt · #12345678], turned \u202earound\u202c

| ${'wide column | '.repeat(30)}
| ${'--- | '.repeat(30)}
| ${'a value | '.repeat(30)}

## One

## Two

## Three

${'> '.repeat(5_000)}deep

${'*_'.repeat(50_000)}

${'[a]('.repeat(2_000)}
`

test.beforeAll(async () => {
  const headers = { 'x-api-key': readDemoFile().executors[0]!.key, 'idempotency-key': 'hostile-markdown' }
  const started = await fetch(`${console_.controlPlaneUrl}/runs/start`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({
      run: { run_id: runId, name: 'Hostile Markdown' },
      tiers: [{ tier_id: 'T1', tier_index: 0, name: 'Work' }],
      phases: [{ phase_id: 'p0', phase_index: 0, tier_id: 'T1', name: 'Write' }],
    }),
  })
  expect(started.status, await started.text()).toBe(201)
  const files: Record<string, string> = {
    'hostile.md': hostile,
    'long.md': 'A paragraph of *some* words.\n\n'.repeat(20_000),
    'build.log': `\u001b[31merror\u001b[0m failed\n\u001b]8;;https://evil.example\u0007click me\u001b]8;;\u0007\n`,
  }
  for (const [path, text] of Object.entries(files)) {
    const answer = await fetch(`${console_.controlPlaneUrl}/runs/${runId}/artifacts/file?path=${path}`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      body: text,
    })
    expect(answer.status, await answer.text()).toBe(201)
  }
})

/** What the page asked of others, and what the browser complained about. */
function watch(page: Page): { foreign: string[]; complaints: string[] } {
  const foreign: string[] = []
  const complaints: string[] = []
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== console_.origin) foreign.push(request.url())
  })
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return { foreign, complaints }
}

const address = (path: string, more = '') => `/runs/${runId}/artifacts?path=${path}${more}`

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1920]) {
    test(`a hostile document is words and nothing else, ${colorScheme}, ${width} wide`, async ({ browser }) => {
      const context = await browser.newContext({ storageState: signedInAs('approver'), colorScheme, viewport: { width, height: 900 } })
      const page = await context.newPage()
      const { foreign, complaints } = watch(page)
      await page.goto(address('hostile.md'))
      const document_ = page.getByRole('article')
      await expect(document_.getByRole('heading', { name: /^Report <script>/ })).toBeVisible()

      await expect(document_.locator('script, img, iframe, object, embed, form')).toHaveCount(0)
      await expect(document_).toContainText('<iframe src="')
      await expect(document_).toContainText('[click](javascript:window.hacked=1)')
      await expect(document_.locator('a[href^="javascript:"], a[href^="data:"]')).toHaveCount(0)
      const away = document_.getByRole('link', { name: /^away/ })
      await expect(away).toHaveAttribute('rel', /noopener noreferrer/)
      await expect(document_).toContainText('accounts.example.net.evil.example')
      await expect(document_).toContainText('http://a(b/')
      await expect(document_.locator('.target', { hasText: 'goo+gle.example' })).toBeVisible()
      await expect(document_).toContainText('evil.example, not loaded')

      await expect(document_).not.toContainText(secret)
      await expect(document_.locator('.chip')).toHaveCount(2)
      await expect(document_.locator('.hid', { hasText: 'U+202E' })).toHaveCount(1)
      await expect(document_).toContainText('nested too deeply')

      const table = page.getByRole('region', { name: 'Table of 30 columns' })
      await table.focus()
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => table.evaluate((region) => region.scrollLeft)).toBeGreaterThan(0)

      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']).analyze()
      expect(violations.map((found) => `${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
      const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
      expect(overflow).toBeLessThanOrEqual(0)
      expect(await page.evaluate('window.hacked')).toBeUndefined()
      expect(foreign).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    })
  }
}

test.describe('reading', () => {
  test.use({ storageState: signedInAs('approver'), viewport: { width: 1920, height: 1000 } })

  test('the source is one click and one address away, and so is each heading', async ({ page }) => {
    await page.goto(address('hostile.md'))
    await page.getByRole('navigation', { name: 'Headings of this document' }).getByRole('link', { name: 'Three' }).click()
    await expect(page).toHaveURL(/#doc-three$/)
    await expect(page.getByRole('heading', { name: 'Three' })).toBeInViewport()
    await page.getByRole('link', { name: 'Source' }).click()
    await expect(page).toHaveURL(/[?&]as=source/)
    await expect(page.getByRole('region', { name: /^hostile\.md, .* lines shown$/ })).toContainText('# Report <script>')
    await page.reload()
    await expect(page.getByRole('link', { name: 'Source' })).toHaveAttribute('aria-current', 'true')
  })

  test('a document that is cut says so, and its rest comes when it is asked for', async ({ page }) => {
    await page.goto(address('long.md'))
    await expect(page.getByText('first 256 KiB of', { exact: false })).toBeVisible()
    await expect(page.getByText('256 KiB of', { exact: false }).last()).toBeVisible()
    const paragraphs = page.getByRole('article').getByRole('paragraph')
    const before = await paragraphs.count()
    expect(before).toBeLessThan(5_000)
    await page.getByRole('button', { name: 'Show more of it' }).click()
    await expect.poll(() => paragraphs.count()).toBeGreaterThan(before)
    await page.getByRole('button', { name: 'Next 256 KiB' }).click()
    await expect(page.getByText('first 512 KiB of', { exact: false })).toBeVisible()
  })

  test('a log has its colours, and what would be a link in a terminal is none', async ({ page }) => {
    const { foreign } = watch(page)
    await page.goto(address('build.log'))
    const log = page.getByRole('region', { name: /^build\.log/ })
    await expect(log.locator('.t-failed')).toHaveText('error')
    await expect(log).toContainText('https://evil.example')
    await expect(log.getByRole('link')).toHaveCount(0)
    expect(foreign).toEqual([])
  })
})
