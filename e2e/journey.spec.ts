/** One story: watch an agent work, read what it made, approve one side effect, see it happen, refuse another, read the log. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { expect, test } from '@playwright/test'
import type { Browser, Page } from '@playwright/test'
import { askConsole } from './ask-console.ts'
import { console_, root } from './running-console.ts'
import type { RoleName } from './running-console.ts'
import { renewSession } from './renew-session.ts'

test.describe.configure({ mode: 'serial' })

type ShopRecord = { execution_id: string; sha256: string; status: number }

async function shopRequests(): Promise<ShopRecord[]> {
  const token = readFileSync(join(console_.dataDirectory, 'secrets/shop-token'), 'utf8').trim()
  const answer = await fetch(`${console_.shopUrl}/api/requests`, { headers: { authorization: `Bearer ${token}` } })
  return ((await answer.json()) as { items: ShopRecord[] }).items
}

async function pageOf(browser: Browser, role: RoleName): Promise<Page> {
  return (await browser.newContext({ storageState: await renewSession(role) })).newPage()
}

/** The id of the action that waits at the gate; the agent may still be working towards it. */
async function waitingAction(): Promise<string> {
  let id = ''
  await expect(async () => {
    const { items } = await askConsole('approver', '/api/approvals?scope=actionable')
    id = items[0]!.action.action_id
  }).toPass({ timeout: 45_000 })
  return id
}

async function approve(page: Page, reason: string): Promise<void> {
  await page.getByLabel('Reason for approving').fill(reason)
  const button = page.getByRole('button', { name: /^Approve/ })
  await expect(button).toHaveAttribute('aria-disabled', 'false')
  await button.click()
}

test('the inbox shows the run live, and its page tells phases, usage and what left it', async ({ browser }) => {
  const page = await pageOf(browser, 'viewer')
  await page.goto('/runs')
  const row = page.getByRole('row').filter({ hasText: 'demo-agent' }).first()
  await expect(row.getByTitle('no model used')).toHaveText('0')
  await row.getByRole('link').first().click()
  await expect(page.getByText('Publish', { exact: false }).first()).toBeVisible()
  await waitingAction()
  // Without a reload: the stream said that the run waits for a person now.
  await expect(page.getByText(/waiting for|needs/i).first()).toBeVisible()
  await page.goto('/runs?state=waiting')
  await expect(page.getByRole('row').filter({ hasText: 'demo-agent' }).first()).toBeVisible()
  await page.goto('/runs?q=nothing-is-called-this')
  await expect(page.getByText(/0 of/)).toBeVisible()
  await page.context().close()
})

test('artifacts: a text is bounded and redacted and says so, a picture is shown, nothing planted is readable', async ({ browser }) => {
  const page = await pageOf(browser, 'viewer')
  const id = await waitingAction()
  const action = await askConsole('viewer', `/api/external-actions/${id}`)
  const { items } = await askConsole('viewer', `/api/runs/${action.run_id}/artifacts/index`)
  const paths = items.map((item) => item.path)
  const secrets = items.find((item) => (item.redactions?.count ?? 0) > 0 && /secret|plant|env/i.test(item.path))!
  const picture = items.find((item) => item.media_type === 'image/png')!
  expect(paths.length).toBeGreaterThanOrEqual(5)
  await page.goto(`/runs/${action.run_id}/artifacts?path=${encodeURIComponent(secrets.path)}`)
  await expect(page.getByText(/redacted \d+/).first()).toBeVisible()
  await expect(page.getByText(/redacted ·/).first()).toBeVisible()
  await page.goto(`/runs/${action.run_id}/artifacts?path=${encodeURIComponent(picture.path)}`)
  const image = page.getByRole('img', { name: new RegExp(picture.path.replaceAll('.', '\\.')) })
  await expect(image).toBeVisible()
  await expect.poll(() => image.evaluate((element) => (element as unknown as { naturalWidth: number }).naturalWidth)).toBeGreaterThan(100)
  await page.context().close()
})

test('nothing is sent while it waits; a viewer cannot decide and is told who can', async ({ browser }) => {
  const id = await waitingAction()
  const page = await pageOf(browser, 'viewer')
  await page.goto(`/approvals/${id}`)
  await expect(page.getByRole('button', { name: /^Reject/ })).toBeDisabled()
  await expect(page.getByText(/approver/i).first()).toBeVisible()
  const { execution, state } = await askConsole('viewer', `/api/external-actions/${id}`)
  expect([state, execution]).toEqual(['PENDING', null])
  // Whatever the shop has got so far belongs to executions of actions that somebody approved.
  const claimed = new Set<string>()
  for (const ended of ['COMPLETED', 'FAILED', 'UNKNOWN'] as const) {
    const { items } = await askConsole('viewer', `/api/external-actions?state=${ended}&limit=100`)
    for (const item of items) {
      const action = await askConsole('viewer', `/api/external-actions/${item.action_id}`)
      expect(action.decisions.some((decision) => decision.kind === 'approve')).toBe(true)
      claimed.add(action.execution!.execution_id)
    }
  }
  const sent = (await shopRequests()).map((received) => received.execution_id)
  expect(sent.filter((execution) => !claimed.has(execution))).toEqual([])
  await page.context().close()
})

test('approve: one click, bound to what was read; the shop gets exactly those bytes once; a second browser sees it', async ({ browser }) => {
  const id = await waitingAction()
  const before = (await shopRequests()).map((received) => received.execution_id)
  const [approver, watcher] = [await pageOf(browser, 'approver'), await pageOf(browser, 'viewer')]
  await Promise.all([approver.goto(`/approvals/${id}`), watcher.goto(`/approvals/${id}`)])
  const { request: listing } = JSON.parse(new TextDecoder().decode(await askConsole('approver', `/api/external-actions/${id}/payload`, 'bytes'))) as {
    request: { body: { title: string } }
  }
  const { title } = listing.body
  await expect(approver.getByRole('heading', { level: 1 })).toContainText(title)
  // Enter is never enough.
  await approver.getByLabel('Reason for approving').fill('it is only a list of files')
  await approver.keyboard.press('Enter')
  expect((await askConsole('approver', `/api/external-actions/${id}`)).state).toBe('PENDING')
  await approve(approver, 'it is only a list of files')
  for (const page of [approver, watcher]) await expect(page.getByText(/proposed = approved = sent/i).first()).toBeVisible({ timeout: 30_000 })
  const done = await askConsole('approver', `/api/external-actions/${id}`)
  expect(done).toMatchObject({ state: 'COMPLETED', execution: { sent: 'yes' } })
  const requests = (await shopRequests()).filter((received) => !before.includes(received.execution_id))
  expect(requests).toHaveLength(1)
  expect(requests[0]).toMatchObject({ execution_id: done.execution!.execution_id, sha256: done.execution!.sent_sha256, status: 201 })
  expect(done.execution!.sent_sha256).toBe(done.execution!.expected_sha256)
  await expect(watcher.getByText('it is only a list of files').first()).toBeVisible()
  // The shop's own page, at its own origin, shows the listing, and no cookie of the console arrives there.
  const shop = await approver.context().newPage()
  const arrived = shop.waitForRequest((request) => request.url().startsWith(console_.shopUrl))
  await shop.goto(done.execution!.external_url!)
  expect((await (await arrived).allHeaders())['cookie']).toBeUndefined()
  await expect(shop.getByText(title).first()).toBeVisible()
  await Promise.all([approver.context().close(), watcher.context().close()])
})

test('the payload that was decided is the one that was proposed, byte for byte', async () => {
  const { items } = await askConsole('viewer', '/api/external-actions?state=COMPLETED')
  const bytes = await askConsole('viewer', `/api/external-actions/${items[0]!.action_id}/payload`, 'bytes')
  expect(payloadHash(bytes)).toBe(items[0]!.payload_hash)
})

test('reject: nothing is sent, and the typed reason is in the agent’s log', async ({ browser }) => {
  const id = await waitingAction()
  const before = (await shopRequests()).length
  const reason = `not like this: «${id.slice(-6)}» ünïcödé`
  const page = await pageOf(browser, 'approver')
  await page.goto(`/approvals/${id}`)
  await page.getByRole('button', { name: /^Reject/ }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio', { name: /Never/ }).check()
  await dialog.getByLabel('Reason').fill(reason)
  await dialog.getByRole('button', { name: /^Reject/ }).click()
  await expect(page.getByText(reason).first()).toBeVisible()
  await expect(async () => {
    expect(readFileSync(join(console_.dataDirectory, 'logs/demo-agent.log'), 'utf8')).toContain(reason)
  }).toPass()
  expect((await askConsole('approver', `/api/external-actions/${id}`)).state).toBe('REJECTED')
  expect((await shopRequests()).length).toBe(before)
  await page.context().close()
})

test('two people decide at once: one wins, the other reads who and keeps what was typed', async ({ browser }) => {
  const id = await waitingAction()
  const [first, second] = [await pageOf(browser, 'admin'), await pageOf(browser, 'approver')]
  await Promise.all([first.goto(`/approvals/${id}`), second.goto(`/approvals/${id}`)])
  for (const page of [first, second]) {
    await page.getByRole('button', { name: /^Reject/ }).click()
    await page
      .getByRole('dialog')
      .getByLabel('Reason')
      .fill(page === first ? 'admin says no' : 'approver says no')
  }
  await Promise.all(
    [first, second].map((page) =>
      page
        .getByRole('dialog')
        .getByRole('button', { name: /^Reject/ })
        .click(),
    ),
  )
  await expect(async () => {
    expect((await askConsole('viewer', `/api/external-actions/${id}`)).decisions).toHaveLength(1)
  }).toPass()
  const [decision] = (await askConsole('viewer', `/api/external-actions/${id}`)).decisions
  const loser = decision!.decided_by.name === 'admin' ? second : first
  await expect(
    loser.getByText(new RegExp(`by ${decision!.decided_by.name}|${decision!.decided_by.name} (has )?(already )?(decided|rejected)`, 'i')).first(),
  ).toBeVisible()
  await expect(loser.getByText(loser === first ? 'admin says no' : 'approver says no').first()).toBeVisible()
  await Promise.all([first.context().close(), second.context().close()])
})

test('the audit log tells the story, links its parts, filters by address, and its chain verifies', async ({ browser }) => {
  const page = await pageOf(browser, 'viewer')
  const { items } = await askConsole('viewer', '/api/external-actions?state=COMPLETED')
  const action = items[0]!
  await page.goto(`/audit?q=action:${action.action_id}`)
  for (const words of [/proposed/i, /approved/i, /claimed|taken/i]) await expect(page.getByText(words).first()).toBeVisible()
  const { items: entries } = await askConsole('viewer', `/api/audit?q=action:${action.action_id}`)
  await page.goto(`/audit/${entries[0]!.seq}`)
  await expect(page.getByText(entries[0]!.hash).first()).toBeVisible()
  await page.context().close()
  const verified = execFileSync(process.execPath, ['scripts/verify-audit.ts', '--data-dir', console_.dataDirectory], { cwd: root, encoding: 'utf8' })
  expect(verified).toMatch(/VERIFIED (?:the first \d+ of )?\d+ events[^]*The checkpoint holds/)
})
