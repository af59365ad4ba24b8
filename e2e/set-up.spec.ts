/** The first run of a deployment of one's own: from two empty databases to a proposal that waits for the first admin. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { root } from './running-console.ts'
import { ownDeployment, startOwnDeployment } from './start-own-deployment.ts'
import type { OwnDeployment } from './start-own-deployment.ts'

test.describe.configure({ mode: 'serial' })
test.use({ baseURL: ownDeployment.origin })

const folder = mkdtempSync(join(tmpdir(), 'autopack-own-'))
const screenshots = join(root, '.cache/screenshots')
const person = { name: 'Ada Lovelace', password: 'velvet tractor under nine moons' }
let deployment: OwnDeployment | undefined
let firstLink = ''
let link = ''

test.beforeAll(async () => {
  mkdirSync(screenshots, { recursive: true })
  deployment = await startOwnDeployment(folder)
  firstLink = deployment.setUpLink()!
})
test.afterAll(async () => {
  await deployment?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function type(page: Page, name: string, password: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
}
async function signIn(page: Page, password: string): Promise<void> {
  await page.goto('/sign-in')
  await page.getByRole('textbox', { name: 'Name' }).fill(person.name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).not.toHaveURL(/\/sign-in/)
}

test('while nobody is there, every address says that the console is not set up and where the link is', async ({ page }) => {
  await page.goto('/runs')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Autopack Console is not set up')
  await expect(page.getByText(`Set up this console (valid for 15 minutes): ${ownDeployment.origin}/setup#token=…`)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Sign in' })).toHaveCount(0)
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the pages of the first run are accessible, fit and keep to the policy, ${colorScheme}`, async ({ browser }) => {
    const complaints: string[] = []
    for (const width of [360, 768, 1440]) {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } })
      const page = await context.newPage()
      page.on('console', (message) => {
        // Nobody is signed in and the link of this try is wrong: the browser reports the answers 401 and 403.
        if (message.type() === 'error' && !/status of 40[13]/.test(message.text())) complaints.push(message.text())
      })
      const look = async (name: string) => {
        await page.screenshot({ path: join(screenshots, `${name}-${colorScheme}-${width}.png`) })
        const { violations } = await new AxeBuilder({ page }).analyze()
        expect(violations.map((found) => `${name}: ${found.id}: ${found.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
        expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBeLessThanOrEqual(0)
      }
      await page.goto(`${ownDeployment.origin}/sign-in`)
      await expect(page.getByRole('heading', { level: 1, name: /not set up/ })).toBeVisible()
      await look('not-set-up')
      await page.goto(`${firstLink.slice(0, -3)}`)
      await expect(page.getByRole('alert')).toContainText('not complete')
      await look('setup-incomplete')
      await page.goto(`${firstLink.slice(0, -8)}00000000`)
      await page.reload()
      await page.goto(`${firstLink.slice(0, -8)}00000000`)
      await expect(page.getByRole('button', { name: 'Set up and sign in' })).toBeVisible()
      await look('setup')
      await type(page, 'A name as long as people have it who were given every name of their ancestors, and then some', person.password)
      await page.getByRole('button', { name: 'Show password' }).click()
      await page.getByRole('button', { name: 'Set up and sign in' }).click()
      await expect(page.getByRole('alert')).toContainText('Restart the control plane')
      await look('setup-refused')
      await context.close()
    }
    expect(complaints).toEqual([])
  })
}

test('a restart prints another link, and the first one says what to do without losing what was typed', async ({ page }) => {
  await deployment!.stop()
  deployment = await startOwnDeployment(folder)
  link = deployment.setUpLink()!
  expect(link).not.toBe(firstLink)
  await page.goto(firstLink)
  await expect(page).toHaveURL(`${ownDeployment.origin}/setup`)
  await type(page, person.name, person.password)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('open the link that it prints in this tab')
  // As when it is pasted into the address bar of this tab.
  await page.evaluate(`location.hash = ${JSON.stringify(new URL(link).hash)}`)
  await expect(page.getByRole('alert')).toBeEmpty()
  await expect(page).toHaveURL(`${ownDeployment.origin}/setup`)
  await expect(page.getByRole('textbox', { name: 'Your name' })).toHaveValue(person.name)
  await expect(page.getByLabel('Password', { exact: true })).toHaveValue(person.password)
})

test('the link sets the console up with the keyboard alone, a weak password costs nothing, and its token is nowhere afterwards', async ({
  page,
  context,
}) => {
  await page.goto(link)
  await expect(page.getByRole('textbox', { name: 'Your name' })).toBeFocused()
  await expect(page).toHaveURL(`${ownDeployment.origin}/setup`)
  await page.keyboard.type(person.name)
  await page.keyboard.press('Tab')
  await page.keyboard.type('password1password1')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('one of the first passwords anybody would try')
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused()
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`${ownDeployment.origin}/`)
  await expect(page.getByText('No agent has run here yet')).toBeVisible()
  await expect(page.getByText(`AUTOPACK_ADMIN_NAME='${person.name}' npm run keys -- create`)).toBeVisible()
  await page.screenshot({ path: join(screenshots, 'now-first-run-light-1280.png') })
  await page.setViewportSize({ width: 360, height: 780 })
  await page.screenshot({ path: join(screenshots, 'now-first-run-light-360.png') })
  expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBeLessThanOrEqual(0)
  const token = new URL(link).hash.slice('#token='.length)
  expect(
    JSON.stringify([await context.storageState(), await page.evaluate('JSON.stringify([localStorage, sessionStorage, location.href])')]),
  ).not.toContain(token)
  // Printed once; no line of any log has it.
  expect(deployment!.output().split(token)).toHaveLength(2)
  await page.getByRole('button', { name: /Ada Lovelace.*menu/ }).click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  // Signing out loads everything anew: nobody's data stays in the page.
  await page.waitForURL(`${ownDeployment.origin}/sign-in`)
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
  await signIn(page, person.password)
})

test('in a second browser the same link is worth nothing, and leads to the sign-in', async ({ page }) => {
  await page.goto(link)
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Autopack Console is already set up')
  await expect(page).toHaveURL(`${ownDeployment.origin}/setup`)
  await page.screenshot({ path: join(screenshots, 'setup-closed-light-1280.png') })
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map((found) => found.id)).toEqual([])
  const data = { token: new URL(link).hash.slice('#token='.length), name: 'Eve', password: 'another quiet gravel road' }
  const answer = await page.request.post('/api/auth/setup', { headers: { origin: ownDeployment.origin, 'x-csrf': '1' }, data })
  expect([answer.status(), ((await answer.json()) as { code: string }).code]).toEqual([409, 'setup_closed'])
  await page.getByRole('link', { name: 'Go to the sign-in' }).click()
  await expect(page.getByRole('button', { name: 'Sign in' })).toBeVisible()
})

test('the documented command makes an executor key, and what its executor proposes waits for the admin', async ({ page }) => {
  const made = execFileSync(process.execPath, ['scripts/keys.ts', 'create', 'my-executor', '--shared'], {
    cwd: root,
    encoding: 'utf8',
    env: {
      PATH: process.env['PATH'],
      CONSOLE_ORIGIN: ownDeployment.origin,
      AUTOPACK_ADMIN_NAME: person.name,
      AUTOPACK_ADMIN_PASSWORD: person.password,
    },
  })
  const executor = spawn(process.execPath, ['docs/examples/executor.ts'], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      AUTOPACK_URL: ownDeployment.controlPlaneUrl,
      AUTOPACK_EXECUTOR_KEY: /^apk_\S+$/m.exec(made)![0],
      DEMO_SHOP_URL: 'http://127.0.0.1:9',
      DEMO_SHOP_TOKEN: 'never sent',
    },
    stdio: 'pipe',
  })
  try {
    let output = ''
    for (const stream of [executor.stdout, executor.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
    await expect.poll(() => output, { timeout: 20_000 }).toMatch(/decide at \/approvals\/act_/)
    await signIn(page, person.password)
    await page.goto('/approvals')
    await expect(page.getByRole('row').filter({ hasText: 'my-executor' })).toHaveCount(1)
  } finally {
    executor.kill()
  }
})

test('a forgotten password is reset by the command, which says to stop the server first, and the audit log has it', async ({ page }) => {
  const run = (...words: string[]) =>
    spawnSync(process.execPath, ['scripts/operators.ts', ...words, '--data-dir', join(folder, 'data')], {
      cwd: root,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    })
  expect(run('reset-password', person.name)).toMatchObject({ status: 1, stderr: expect.stringContaining('Stop it, run this again, then start it.') })
  await deployment!.stop()
  expect(run('list').stdout).toMatch(/^Ada Lovelace {2}admin +enabled +op_[0-9a-f-]{36}\n$/)
  const reset = run('reset-password', person.name)
  expect(reset.status, reset.stderr).toBe(0)
  deployment = await startOwnDeployment(folder)
  expect(deployment.setUpLink()).toBeNull()
  await signIn(page, reset.stdout.trim().split('\n').at(-1)!)
  await page.goto('/audit')
  await expect(page.getByText('password reset').first()).toBeVisible()
})
