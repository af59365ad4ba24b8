/** The one queue and the two kinds of requests that executors ask people themselves. On a console of its own; what it asks, it also ends. */
import { expect } from '@playwright/test'
import type { Browser, Locator, Page } from '@playwright/test'
import { test } from './control-test.ts'
import type { OwnConsole } from './control-test.ts'
import { lookAtPage } from './look-at-page.ts'
import { listingText } from './own-executor.ts'

type Waiting = { kind: string; approval_ref: { kind: string; id: string }; action?: Record<string, unknown>; request?: { body_sha256: string } }

const list = async (own: OwnConsole, query: string) =>
  (await own.ask('admin', `/api/approvals${query}`)) as unknown as { items: Waiting[]; total: { count: number } }

async function askToGoOn(own: OwnConsole, more: Record<string, unknown> = {}): Promise<string> {
  const asked = { run_id: 'nightly-7', phase_id: `phase ${crypto.randomUUID()}`, context: 'net_deletion', ...more }
  return `apr_${String((await own.asExecutor('/approval/request', asked))['approval_id'])}`
}

async function askToWrite(own: OwnConsole, requested_paths: string[], more: Record<string, unknown> = {}): Promise<string> {
  const run_id = `run-${crypto.randomUUID()}`
  await own.asExecutor('/runs/start', { run: { run_id, name: 'Autumn listings', ...more } })
  const justification = 'The release must also build for arm64.\n\nOnly 14 lines.'
  const asked = await own.asExecutor('/governance/request', { run_id, phase_id: 'F3.2', requested_paths, justification, changed_lines: 14 })
  return `gov_${String(asked['request_id'])}`
}

async function decideRequest(own: OwnConsole, role: 'admin' | 'approver', id: string, decision: Record<string, unknown>): Promise<void> {
  const path = id.startsWith('apr_') ? `/api/approvals/${id}` : `/api/governance/${id}`
  const { body_sha256 } = await own.ask(role, path)
  await own.ask(role, `${path}/decision`, { body_sha256, ...decision })
}

const approveButton = (page: Page) => page.locator('button.sign')
const rowOf = (page: Page, id: string): Locator => page.locator('tr', { has: page.locator(`a[href="/approvals/${id}"]`) })

async function openRequest(browser: Browser, own: OwnConsole, id: string): Promise<Page> {
  const page = await own.openPage(browser, 'approver')
  await page.goto(`/approvals/${id}`)
  return page
}

async function see(page: Page): Promise<void> {
  for (const marked of await page.locator('[data-must-see]').all()) await marked.scrollIntoViewIfNeeded()
}

test.afterEach(async ({ own }) => {
  await own.releaseAll()
  for (const { kind, approval_ref } of (await list(own, '?scope=open')).items) {
    const reject = { kind: 'reject', reject_kind: 'never', reason: 'the test is over' }
    if (kind !== 'external_action') await decideRequest(own, 'admin', approval_ref.id, reject)
  }
})

test('badge and list are one query over every kind; filters are in the address, count their rows, and say what they hide', async ({
  browser,
  own,
}) => {
  const asked = await askToGoOn(own)
  const governance = await askToWrite(own, ['docs/one.md'])
  const action = await own.propose('Walnut desk organiser')
  const page = await own.openPage(browser, 'approver')
  await page.goto('/approvals')
  for (const id of [asked, governance, action]) await expect(rowOf(page, id)).toBeVisible()
  const badge = page.getByRole('banner').locator('.count')
  const count = await page.locator('.queue tbody tr').count()
  await expect(badge).toHaveText(String(count))
  await expect(page).toHaveTitle(new RegExp(`^\\(${count}\\) Approvals`))

  const filters = page.getByRole('complementary', { name: 'Views and filters' })
  await filters.getByRole('link', { name: 'Governance 1' }).click()
  await expect(page).toHaveURL(/\/approvals\?kind=governance_request$/)
  await expect(page.locator('.queue tbody tr')).toHaveCount(1)
  await expect(rowOf(page, governance)).toContainText('governance, 1 path')
  // What is filtered away still needs somebody.
  await expect(badge).toHaveText(String(count))
  await filters.getByRole('link', { name: /Low/ }).click()
  await expect(page.getByRole('heading', { name: `0 of ${count} match` })).toBeVisible()
  await page.getByRole('link', { name: 'Clear the filter' }).click()
  await expect(page).toHaveURL(/\/approvals$/)
  await page.getByLabel('Search approvals').fill('docs/one')
  await expect(page).toHaveURL(/q=docs%2Fone/)
  await expect(page.locator('.queue tbody tr')).toHaveCount(1)
  await page.context().close()
})

test('what arrives waits above the list, and the keyboard walks and opens rows without approving anything', async ({ browser, own }) => {
  const first = await askToGoOn(own)
  const page = await own.openPage(browser, 'approver')
  await page.goto('/approvals')
  await expect(rowOf(page, first)).toBeVisible()
  const before = await page.locator('.queue tbody tr').count()
  const second = await askToGoOn(own)
  const pill = page.getByRole('button', { name: '1 new' })
  await expect(pill).toBeVisible()
  await expect(page.locator('.queue tbody tr')).toHaveCount(before)
  await expect(page.getByRole('banner').locator('.count')).toHaveText(String(before + 1))
  await pill.click()
  await expect(rowOf(page, second)).toBeVisible()
  await page.keyboard.press('j')
  await expect(page.locator('a.q-open').first()).toBeFocused()
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  const href = await page.locator('a.q-open').first().getAttribute('href')
  await page.keyboard.press('x')
  await expect(page.getByRole('region', { name: 'Selected' })).toContainText('1 selected')
  await page.keyboard.press('Escape')
  await expect(page.getByRole('region', { name: 'Selected' })).toBeHidden()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`${href}$`))
  await expect(approveButton(page)).not.toBeFocused()
  await page.context().close()
})

test('a request is approved by the bytes that were read, and its executor reads who and why; the page stays', async ({ browser, own }) => {
  const decision_info = { risk_level: 'high', net_deletion: 1_240, note: 'Remove the old importer.', lines: 12 }
  const id = await askToGoOn(own, { decision_info })
  const page = await openRequest(browser, own, id)
  await expect(page.getByText('decision_info/net_deletion')).toBeVisible()
  await expect(page.getByText(/this browser hashed them, and the control plane has the same hash/)).toBeVisible()
  await see(page)
  await page.getByLabel('Reason for approving').fill('The importer is dead.')
  await page.keyboard.press('Enter')
  await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'false')
  await approveButton(page).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Space')
  await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'false')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByText('by you', { exact: false })).toBeVisible()
  expect(await own.asExecutor(`/approval/status/${id.slice(4)}`)).toMatchObject({
    status: 'approved',
    approval_reason: 'Approved by approver: The importer is dead.',
  })
  await page.reload()
  await expect(page.locator('.outcome')).toContainText('The importer is dead.')
  await page.goto('/approvals?scope=decided')
  await expect(rowOf(page, id)).toContainText(/Approved\s*approver/)
  await page.context().close()
})

test('a change can be asked for at one value, and reject says how it is meant; the executor reads both', async ({ browser, own }) => {
  const id = await askToGoOn(own, { decision_info: { note: 'all of it' } })
  const page = await openRequest(browser, own, id)
  await page.getByRole('button', { name: 'Ask for change' }).click()
  const dialog = page.getByRole('dialog', { name: 'Ask for a change' })
  await expect(dialog.getByText('this one ends, and its executor may ask again with it changed')).toBeVisible()
  await dialog.getByLabel('What has to change').selectOption('decision_info/note')
  await dialog.getByLabel('Reason').fill('Half of it.')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.outcome')).toContainText('Half of it.')
  expect(await own.asExecutor(`/approval/status/${id.slice(4)}`)).toMatchObject({
    status: 'rejected',
    change_request: { field: '/decision_info/note', reason: 'Half of it.' },
  })

  const governance = await askToWrite(own, ['docs/one.md'])
  await page.goto(`/approvals/${governance}`)
  await expect(page.getByText('docs/ is never automatic')).toBeVisible()
  await page.keyboard.press('r')
  await page.getByRole('dialog').getByText('Never', { exact: true }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('Not in this repository.')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.outcome')).toContainText('as never')
  expect(await own.asExecutor(`/governance/status/${governance.slice(4)}`)).toMatchObject({
    status: 'denied',
    reason: expect.stringContaining('Not in this repository.'),
  })
  await page.context().close()
})

test('refusals are read in words: other bytes, somebody faster, one’s own run, a viewer; nothing typed is lost', async ({ browser, own }) => {
  const tampered = await askToGoOn(own, { decision_info: { note: 'delete everything' } })
  const page = await own.openPage(browser, 'approver')
  // Other bytes than the hash: this browser sees it.
  await page.route(`**/api/approvals/${tampered}`, async (route) => {
    const answer = await route.fetch()
    const body = (await answer.json()) as { body_text: string }
    await route.fulfill({ response: answer, json: { ...body, body_text: body.body_text.replace('everything', 'nothing at all') } })
  })
  await page.goto(`/approvals/${tampered}`)
  await expect(page.locator('#foot-state')).toHaveText('The bytes are not what the server says. Approving is off.')
  await expect(page.getByText('nothing here can be approved', { exact: false })).toBeVisible()
  await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'true')
  await expect(page.getByRole('button', { name: /^Reject/ })).toBeEnabled()
  // The page may be reading it again at this moment.
  await page.unrouteAll({ behavior: 'wait' })

  // Other bytes with their own hash: the control plane sees it.
  const other = await askToGoOn(own)
  await page.route(`**/api/approvals/${tampered}`, async (route) => {
    const answer = await route.fetch()
    const shown = (await own.ask('approver', `/api/approvals/${other}`)) as { body_text: string; body_sha256: string }
    const body = (await answer.json()) as Record<string, unknown>
    await route.fulfill({ response: answer, json: { ...body, body_text: shown.body_text, body_sha256: shown.body_sha256 } })
  })
  await page.goto(`/approvals/${tampered}`)
  await see(page)
  await page.getByLabel('Reason for approving').fill('harmless')
  await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'false')
  await approveButton(page).click()
  await expect(page.getByRole('alert').filter({ hasText: 'These are not the bytes that were asked.' })).toBeVisible()
  await expect(page.getByLabel('Reason for approving')).toHaveValue('harmless')
  await page.unrouteAll({ behavior: 'wait' })

  await page.goto(`/approvals/${other}`)
  await page.getByLabel('Reason for approving').fill('looks fine')
  await decideRequest(own, 'admin', other, { kind: 'reject', reject_kind: 'not_now', reason: 'not before Monday' })
  await expect(page.locator('.outcome')).toContainText('not before Monday')
  await expect(page.locator('.outcome')).toContainText('Not sent: looks fine')

  const mine = await askToWrite(own, ['docs/mine.md'], { started_by: 'approver' })
  await page.goto(`/approvals/${mine}`)
  await expect(page.locator('#foot-state')).toHaveText(/You asked for this run. Another approver has to approve; you may reject./)
  await page.goto('/approvals')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(rowOf(page, mine)).toHaveCount(0)
  await page.goto('/approvals/gov_00000000')
  await expect(page.getByRole('heading', { name: 'This request is not here' })).toBeVisible()
  await page.context().close()

  const viewer = await own.openPage(browser, 'viewer')
  await viewer.goto(`/approvals/${mine}`)
  await expect(viewer.locator('#foot-state')).toHaveText(/Viewers cannot approve/)
  await expect(viewer.getByRole('button', { name: /^Reject/ })).toBeDisabled()
  await viewer.context().close()
})

test('under the brake the queue claims of nothing that it needs somebody to approve it; every kind can be rejected, together', async ({
  browser,
  own,
}) => {
  const asked = await askToGoOn(own)
  const governance = await askToWrite(own, ['docs/two.md'])
  const action = await own.propose('Braked organiser')
  await own.ask('approver', '/api/control/brake', { scope: { kind: 'all', id: '' }, reason: 'the prices look wrong' })
  const page = await own.openPage(browser, 'approver')
  await page.goto('/approvals')
  await expect(page.getByText('The brake is engaged.', { exact: false }).first()).toBeVisible()
  await expect(page.locator('.pagehead .total')).toHaveText(/none can be approved while the brake is engaged/)
  await expect(page.getByRole('main').getByText('Needs you')).toHaveCount(0)
  await page.goto('/')
  await expect(page.getByRole('heading', { level: 1 })).toContainText('The brake is engaged: rejecting works, approving does not.')
  await page.goto(`/approvals/${governance}`)
  await expect(page.getByText('Stopped by a brake')).toBeVisible()
  await expect(approveButton(page)).toHaveAttribute('aria-disabled', 'true')

  await page.goto('/approvals')
  for (const id of [asked, governance, action]) await rowOf(page, id).getByRole('checkbox').check()
  await expect(page.getByRole('main').getByRole('button', { name: /approve/i })).toHaveCount(0)
  await page.getByRole('button', { name: 'Reject 3…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Reject 3 requests' })
  await dialog.getByLabel('Reason').fill('Not while we look at the prices.')
  await dialog.getByRole('button', { name: 'Reject 3', exact: true }).click()
  await expect(dialog.getByText('3 of 3 rejected')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  expect(await own.asExecutor(`/approval/status/${asked.slice(4)}`)).toMatchObject({ status: 'rejected', reject_kind: 'not_now' })
  await page.goto('/approvals?scope=decided')
  for (const id of [asked, governance, action]) await expect(rowOf(page, id)).toContainText('Rejected')
  await page.context().close()
})

test('an action that too few people may see says that nobody can complete it, and who can change that; sharing its executor does', async ({
  browser,
  own,
}) => {
  const { items } = (await own.ask('admin', '/api/executors')) as unknown as { items: { executor_id: string; name: string }[] }
  const { executor_id } = items.find(({ name }) => name === 'shop-writer')!
  const share = (everyone: boolean) => own.ask('admin', `/api/executors/${executor_id}/sharing`, { shared_with_everyone: everyone, shared_with: [] })
  const page = await own.openPage(browser, 'admin')
  try {
    await share(false)
    // What cannot be explained takes a second person, and only admins see this executor.
    const id = await own.proposePayload(listingText({ title: 'Nobody else sees it', unheard_of: 'x' }))
    await page.goto(`/approvals/${id}`)
    const note = page.getByRole('status').filter({ hasText: 'Nobody can complete this.' })
    await expect(note).toContainText('2 people still have to agree, and of those who may see what shop-writer does, only you may.')
    await expect(note).toContainText('rejecting works')
    await expect(page.getByRole('button', { name: /^Reject/ })).toBeEnabled()
    await lookAtPage(page, 'decision-nobody-can-complete')
    await note.getByRole('link', { name: 'Executor keys' }).click()
    await page.getByRole('button', { name: 'Share: shop-writer…' }).click()
    await page.getByRole('checkbox', { name: 'Everybody who may sign in' }).check()
    await page.getByRole('button', { name: 'Set it' }).click()
    await expect(page.getByText('Who sees shop-writer is set.')).toBeVisible()
    await expect(page.getByRole('button', { name: 'Share: shop-writer…' })).toBeFocused()
    await page.goto(`/approvals/${id}`)
    await expect(page.getByText('2 still needed: you and approver')).toBeVisible()
    await expect(note).toHaveCount(0)
    await own.asExecutor(`/external-actions/${id}/cancel`, { reason: 'the test is over' })
  } finally {
    await share(true)
  }
  await page.context().close()
})

test('when somebody else decides, the bar under the header changes as one, and it is spoken', async ({ browser, own }) => {
  const id = await own.propose('Decided elsewhere')
  const page = await own.openPage(browser, 'approver')
  // A slow queue: what it says comes seconds after the action itself.
  await page.goto(`/approvals/${id}`)
  const bar = page.getByRole('region', { name: 'Place in the queue, time left' })
  await expect(bar).toContainText(/\d+ of \d+/)
  await page.route('**/api/approvals?*', async (route) => {
    await expect(page.getByText('not before Monday').first()).toBeVisible()
    await route.continue()
  })
  const { payload_hash } = await own.ask('admin', `/api/external-actions/${id}`)
  await own.ask('admin', `/api/external-actions/${id}/decision`, {
    ...{ kind: 'reject', reject_kind: 'not_now', reason: 'not before Monday', revision: 1, payload_hash },
  })
  await expect(page.getByRole('status').filter({ hasText: 'This action was rejected by admin.' })).toBeAttached()
  await expect(bar).toHaveText(/^Approvalsclosed.*proposed/)
  await expect(bar).not.toContainText('left')
  await page.context().close()
})

test('whoever decides a request hears what became of it: the focus is on the outcome', async ({ browser, own }) => {
  const page = await openRequest(browser, own, await askToGoOn(own))
  await page.getByRole('button', { name: /^Reject/ }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('Not today.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByRole('heading', { name: 'What became of it' })).toBeFocused()

  const id = await own.propose('Ask for more')
  await page.goto(`/approvals/${id}`)
  await page.getByRole('button', { name: 'Ask for change' }).click()
  await page.getByRole('dialog').getByLabel('Reason').fill('A better title.')
  await page.keyboard.press('Control+Enter')
  // It stays open, and its buttons go off: the focus must not be lost with them.
  await expect(page.getByRole('heading', { name: 'What became of it' })).toBeFocused()
  await own.asExecutor(`/external-actions/${id}/cancel`, { reason: 'the test is over' })
  await page.context().close()
})

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the queue and both kinds of requests are accessible and fit from phone to wall, ${colorScheme}`, async ({ browser, own }) => {
    const long = 'an unbreakablewordthatgoesonandonforeverwithoutanyspace, and more of it'
    const asked = await askToGoOn(own, {
      run_id: `ghost-${'of-a-long-name-'.repeat(8)}`,
      context: long,
      decision_info: {
        files: ['src/wal\u200bnut/d\u0435sk.ts', 'الأسئلة الشائعة.md'],
        note: `\u202egnp.exe\u202c ${long}`,
        empty: '',
        x: 'x'.repeat(2_400),
      },
    })
    const paths = ['.github/workflows/release.yml', 'docs/../config/./governance.json', 'examples/a.md', 'd\u043ecs/README.md']
    const governance = await askToWrite(own, [...paths, `src/${'very-long-folder-name/'.repeat(8)}file.ts`])
    const denied = await askToWrite(own, ['../../etc/passwd', ...paths])
    const page = await own.openPage(browser, 'approver', { colorScheme, viewport: { width: 1440, height: 900 } })
    await page.goto('/approvals?scope=open')
    await expect(rowOf(page, governance)).toBeVisible()
    await lookAtPage(page, `one-queue-open-${colorScheme}`)
    await page.goto(`/approvals/${asked}`)
    await expect(page.getByText('The longest values are cut here.')).toBeVisible()
    await lookAtPage(page, `request-approval-${colorScheme}`)
    await page.goto(`/approvals/${governance}`)
    await expect(page.getByText('Letters of two alphabets in one word')).toBeVisible()
    await lookAtPage(page, `request-governance-${colorScheme}`)
    await page.goto(`/approvals/${denied}`)
    await expect(page.locator('.outcome')).toContainText('by the policy')
    await lookAtPage(page, `request-denied-${colorScheme}`)
    // Nobody waits a quarter of an hour for it here: the answer of an expired one, for the page.
    await page.route(`**/api/approvals/${asked}`, async (route) => {
      const answer = await route.fetch()
      const body = (await answer.json()) as { decide_by: string; version: number }
      await route.fulfill({ response: answer, json: { ...body, state: 'EXPIRED', decided_at: body.decide_by, version: body.version + 1 } })
    })
    await page.goto(`/approvals/${asked}`)
    await expect(page.locator('.outcome')).toContainText('Nobody decided by')
    await lookAtPage(page, `request-expired-${colorScheme}`)
    await page.goto('/approvals?scope=decided')
    await expect(rowOf(page, denied)).toContainText('policy')
    await lookAtPage(page, `one-queue-decided-${colorScheme}`)
    await page.context().close()
  })
}
