/** The audit log, its verification and receipts in the browser, on a console of its own: what is written, asked for, taken away and proven. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import type { Browser, Download, Page } from '@playwright/test'
import { test } from './control-test.ts'
import type { OwnConsole } from './control-test.ts'
import { lookAtPage } from './look-at-page.ts'
import { listingText } from './own-executor.ts'
import { root } from './running-console.ts'

const complaints: string[] = []

/** Whatever the browser complains about is ours: the policy of the page above all. */
function listen(page: Page): Page {
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of (?:404|409)/.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`))
  return page
}
test.afterEach(() => expect(complaints.splice(0)).toEqual([]))

async function lookAtBoth(page: Page, name: string): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.locator('html').evaluate((html, chosen) => html.setAttribute('data-theme', chosen), theme)
    await lookAtPage(page, `${name}-${theme}`)
  }
  await page.setViewportSize({ width: 1440, height: 900 })
}

const textOf = async (download: Download) => readFileSync(await download.path(), 'utf8')
const rowsOf = (page: Page) => page.getByRole('region', { name: 'Entries' }).locator('tbody tr:not(.cp)')
/** After a score of checkpoints in a row there is one a minute: a receipt that shows an event of just now may have to wait for it. */
const untilSigned = { timeout: 120_000 }
const ugly = '=HYPERLINK("http://evil.example"), نص \u202Eoverride, ' + 'x'.repeat(90)

async function propose(own: OwnConsole, title: string): Promise<string> {
  const id = await own.propose(title)
  test.info().annotations.push({ type: 'action', description: id })
  return id
}

/** Signing in writes an entry that no live event tells of. */
async function signInElsewhere(own: OwnConsole, browser: Browser): Promise<void> {
  const page = await own.openPage(browser, 'viewer')
  await own.showAgain(page, 'viewer')
  await page.context().close()
}

test('a query is written with the keyboard alone, explained where it is wrong, and taken away as CSV', async ({ browser, own }) => {
  const rejected = await propose(own, ugly)
  const { revision, payload_hash } = await own.ask('approver', `/api/external-actions/${rejected}`)
  const decision = { kind: 'reject', reject_kind: 'never', revision, payload_hash, reason: '+1 for “no”, says the approver' }
  await own.ask('approver', `/api/external-actions/${rejected}/decision`, decision)

  const page = listen(await own.openPage(browser, 'admin'))
  await page.goto('/audit')
  await expect(rowsOf(page).first()).toBeVisible()
  // A busy page draws late: what is typed meanwhile stands where it was typed.
  await page.evaluate('globalThis.requestAnimationFrame = (run) => setTimeout(run, 100)')
  await page.keyboard.press('/')
  const field = page.getByRole('combobox', { name: 'Search the audit log' })
  await expect(field).toBeFocused()
  const options = page.getByRole('listbox', { name: 'What could come next' }).getByRole('option')
  await expect(options.first()).toContainText('who:')
  await page.keyboard.type('di')
  await expect(options).toHaveCount(1)
  await page.keyboard.press('ArrowDown')
  await expect(field).toHaveAttribute('aria-activedescendant', (await options.first().getAttribute('id'))!)
  await page.keyboard.press('Tab')
  await expect(field).toHaveValue('did:')
  await page.keyboard.type('external_action.rej')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(field).toHaveValue('did:external_action.rejected ')
  await page.keyboard.type('who:appr', { delay: 40 })
  await expect(options.first()).toContainText('approver')
  await page.keyboard.press('Escape')
  await expect(options).toHaveCount(0)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/audit\?q=did%3Aexternal_action\.rejected\+who%3Aappr/)
  await field.fill('did:external_action.rejected who:approver')
  await page.keyboard.press('Enter')
  await expect(rowsOf(page)).toHaveCount(1)

  await field.fill('did:external_action.rejected result:maybe')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('maybe')
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(rowsOf(page), 'the answer before stays').toHaveCount(1)
  await lookAtBoth(page, 'evidence-query-fault')
  await page.getByRole('button', { name: 'rejected', exact: true }).click()
  await expect(field).toHaveValue('did:external_action.rejected result:rejected')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(rowsOf(page)).toHaveCount(1)

  await page.getByRole('button', { name: 'Export' }).click()
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^CSV/ }).click()])
  const lines = (await textOf(download)).trimEnd().split('\r\n')
  expect(lines[0]).toContain('seq')
  expect(lines).toHaveLength(2)
  expect(lines[1], 'no cell runs as a formula').not.toMatch(/(?:^|,)"?[=+@-]/)
  expect(lines[1]).toContain('external_action.rejected')
  expect(download.suggestedFilename()).toBe('autopack-audit-extract.csv')

  // The pauses of typing leave one way back.
  await page.goto('/audit')
  await field.pressSequentially('did:external_action.rejected', { delay: 5 })
  await expect(page).toHaveURL(/q=did%3Aexternal_action\.rejected$/)
  await field.pressSequentially(' risk:low', { delay: 5 })
  await expect(page).toHaveURL(/risk%3Alow$/)
  await page.goBack()
  await expect(page).toHaveURL(/\/audit$/)
  await page.context().close()
})

test('what is new waits to be asked for, and an address is a query', async ({ browser, own }) => {
  const page = listen(await own.openPage(browser, 'viewer'))
  await page.goto('/audit?q=did:external_action.proposed')
  await expect(page.getByRole('combobox')).toHaveValue('did:external_action.proposed')
  await expect(rowsOf(page).first()).toBeVisible()
  const top = await rowsOf(page).first().locator('a.seq').textContent()
  await propose(own, 'Arrives while somebody reads')
  const pill = page.getByRole('button', { name: /^\d+ new$/ })
  await expect(pill).toBeVisible()
  expect(await rowsOf(page).first().locator('a.seq').textContent(), 'nothing moves by itself').toBe(top)
  await pill.click()
  await expect(rowsOf(page).first()).toContainText('Arrives while somebody reads')
  const inspector = page.getByRole('complementary', { name: /^Event / })
  await expect(inspector).toContainText('Arrives while somebody reads')
  await expect(inspector.getByRole('list', { name: 'Through what' })).toContainText('key')
  await page.getByRole('navigation', { name: 'Queries people come back for' }).getByRole('link', { name: 'Refusals' }).click()
  await expect(page.getByRole('combobox')).toHaveValue('result:refused')
  await page.goto('/audit?q=nothing:here')
  await expect(page.getByRole('alert')).toContainText('there is no field nothing', { ignoreCase: true })
  await page.getByRole('button', { name: 'Export' }).click()
  const panel = page.getByRole('group', { name: 'Export' })
  await expect(panel).toContainText('the query cannot be read')
  await expect(panel.getByRole('link'), 'nothing is offered that would be refused').toHaveCount(0)
  await page.keyboard.press('Escape')
  // Whoever corrects it goes on typing when the answer comes.
  const field = page.getByRole('combobox')
  await field.fill('result:ok')
  await expect(page).toHaveURL(/q=result%3Aok$/)
  await expect(rowsOf(page).first()).toBeVisible()
  await expect(field).toBeFocused()
  await page.keyboard.type(' gr')
  await expect(field).toHaveValue('result:ok gr')
  await page.goBack()
  await expect(field).toHaveValue('nothing:here')
  await page.waitForTimeout(1_000)
  await expect(page, 'what was typed before the way back is not asked for').toHaveURL(/q=nothing:here$/)
  await expect(page.getByRole('alert')).toContainText('there is no field nothing', { ignoreCase: true })
  await expect(rowsOf(page), 'the answer to another query is none to this one').toHaveCount(0)
  await page.context().close()
})

test('on a tablet the table has the room of the window, and every entry opens, by its number and with the keys', async ({ browser, own }) => {
  const page = listen(await own.openPage(browser, 'viewer'))
  for (const width of [768, 1100]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto('/audit')
    const row = rowsOf(page).first()
    await expect(row).toBeVisible()
    const table = (await page.getByRole('table').boundingBox())!
    const result = (await row.locator('td:visible').last().boundingBox())!
    expect(result.x + result.width, 'nothing of the row is left empty').toBeCloseTo(table.x + table.width, 0)
    await page.keyboard.press('j')
    await expect(row.locator('a.seq')).toBeFocused()
    await row.locator('a.seq').click()
    await expect(page).toHaveURL(/\/audit\/\d+$/)
  }
  await page.context().close()
})

test('a page that stays open says that nothing is written, and what came after the newest entry', async ({ browser, own }) => {
  const page = listen(await own.openPage(browser, 'admin'))
  await page.goto('/audit')
  await page.locator('a.seq').first().click()
  const newest = page.getByText('this is the newest entry')
  await expect(newest).toBeVisible()
  await signInElsewhere(own, browser)
  await expect(page.getByRole('link', { name: 'After' }), 'it is asked again by itself').toBeVisible()
  await expect(newest).toHaveCount(0)

  await page.goto('/limits')
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  const checkpoint = { size: 9, time: new Date().toISOString(), head: 'ab'.repeat(32), key_id: '01020304', received_at: new Date().toISOString() }
  await page.route('**/api/status', async (route) => {
    const answer = await route.fetch()
    const status = (await answer.json()) as { audit: object }
    await route.fulfill({ response: answer, json: { ...status, audit: { ...status.audit, stopped: { reason: 'ahead', checkpoint, log_size: 5 } } } })
  })
  await expect(page.getByRole('complementary', { name: 'This installation' })).toContainText('Nothing is written')
  await page.context().close()
})

test('the whole log is verified in the browser; one changed letter in the answer is found, located, and remembered', async ({ browser, own }) => {
  const page = listen(await own.openPage(browser, 'admin'))
  await page.goto('/audit')
  await expect(page.getByText('Not checked in this browser yet')).toBeVisible()
  await page.getByRole('link', { name: 'Verify', exact: true }).click()
  // The one button keeps the focus, and that it runs is said once.
  await page.route('**/api/audit/export', () => undefined)
  await page.getByRole('button', { name: 'Verify the whole log' }).press('Enter')
  await expect(page.getByRole('button', { name: 'Stop' })).toBeFocused()
  await expect(page.getByRole('status').filter({ hasText: 'Verifying the log.' })).toHaveCount(1)
  await lookAtBoth(page, 'evidence-verifying')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Verify again' })).toBeFocused()
  await expect(page.getByText('You stopped it after 0 events.')).toBeVisible()
  await page.unroute('**/api/audit/export')
  await page.keyboard.press('Enter')
  const verdict = page.getByRole('status').locator('.verdict')
  await expect(verdict, 'nobody here knew the key before').toContainText('It holds together; who signed it is not known.')
  await expect(verdict).toContainText(/It holds against \d+ checkpoints?/)
  await page.getByRole('button', { name: 'Verify again' }).click()
  await expect(verdict, 'now the browser does').toContainText(/Intact[.:]/)
  await lookAtBoth(page, 'evidence-verified')
  // The page knew the log from before somebody came in.
  await signInElsewhere(own, browser)
  await page.getByRole('button', { name: 'Verify again' }).click()
  await expect(verdict).toContainText(/Intact[.:]/)
  await page.getByRole('link', { name: 'To the audit log' }).click()
  await expect(page.getByText(/^Intact/)).toBeVisible()
  await expect(page.getByText(/checked in this browser/)).toBeVisible()
  await lookAtBoth(page, 'evidence-audit')

  const changed = 3
  await page.route('**/api/audit/export', async (route) => {
    const answer = await route.fetch()
    const lines = (await answer.text()).split('\n')
    lines[changed - 1] = lines[changed - 1]!.replace('"event_type":"', '"event_type":"x')
    await route.fulfill({ response: answer, body: lines.join('\n') })
  })
  await page.goto('/audit/verify')
  await page.getByRole('button', { name: 'Verify the whole log' }).click()
  await expect(verdict).toContainText(`Does not hold at ${changed}.`)
  await expect(verdict.getByRole('link', { name: `Look at entry ${changed}` })).toHaveAttribute('href', `/audit/${changed}`)
  await lookAtBoth(page, 'evidence-tampered')
  await page.goto('/audit')
  await expect(page.getByText(`Did not hold at ${changed}`)).toBeVisible()
  await page.unrouteAll()

  // A console that keeps quiet about what it signed: the browser saw it.
  await page.route('**/api/audit/checkpoints?*', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), items: [], next_cursor: null } })
  })
  await page.route('**/api/audit/export', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, body: (await answer.text()).split('\n').slice(0, 3).join('\n') })
  })
  await page.goto('/audit/verify')
  await page.getByRole('button', { name: 'Verify the whole log' }).click()
  await expect(verdict).toContainText('The end was cut off.')
  await page.context().close()

  const viewer = listen(await own.openPage(browser, 'viewer'))
  await viewer.goto('/audit/verify')
  await expect(viewer.getByRole('button', { name: 'Verify the whole log' })).toHaveAttribute('aria-disabled', 'true')
  await expect(viewer.getByText('Reading the whole log takes an admin; you are viewer.')).toBeVisible()
  await viewer.context().close()
})

test('checkpoints and keys are taken away as one file, which the page reads, and which shows that a log was cut off; an extract is called one', async ({
  browser,
  own,
}) => {
  const page = listen(await own.openPage(browser, 'admin'))
  await page.goto('/audit?q=did%3Asign-in')
  await expect(rowsOf(page).first()).toBeVisible()
  const take = async (open: () => Promise<void>) => {
    const [download] = await Promise.all([page.waitForEvent('download'), open()])
    return { name: download.suggestedFilename(), text: await textOf(download) }
  }
  const openMenu = () => page.getByRole('button', { name: 'Export' }).click()
  await openMenu()
  const kept = await take(() => page.getByRole('button', { name: /^Checkpoints and keys/ }).click())
  expect(kept.name).toBe('autopack-audit-checkpoints.txt')
  await expect(page.getByRole('group', { name: 'Export' }).getByRole('status')).toContainText(/Saved: \d+ checkpoints?/)
  await lookAtBoth(page, 'evidence-export')
  const extract = await take(() =>
    page
      .getByRole('group', { name: 'Export' })
      .getByRole('link', { name: /^NDJSON For programs/ })
      .click(),
  )
  expect(extract.name).toBe('autopack-audit-extract.ndjson')
  await openMenu()
  const log = await take(() => page.getByRole('link', { name: /^NDJSON for the verifier/ }).click())
  expect(log.name).toBe('autopack-audit-log.ndjson')

  await page.goto('/audit/verify#file')
  const choose = page.locator('input[type=file]')
  const toFile = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) })
  const said = page.getByRole('region', { name: /^A receipt, an exported log/ }).getByRole('status')
  await choose.setInputFiles(toFile(kept.name, kept.text))
  await expect(said).toContainText('read as keys and checkpoints')
  await expect(page.getByRole('textbox')).toHaveValue(/head [0-9a-f]{64}/)
  // Whoever stops a check, or has the focus there when it ends, is left at the field.
  let release = () => undefined as void
  await page.route('**/api/audit/checkpoints?*', async (route) => {
    await new Promise<void>((resolve) => (release = resolve))
    await route.continue().catch(() => undefined)
  })
  const stop = page.getByRole('button', { name: 'Stop' })
  await choose.setInputFiles(toFile(log.name, log.text))
  await expect(said).toContainText('Checking the file.')
  await stop.press('Enter')
  await expect(said).toContainText('You stopped it.')
  await expect(choose).toBeFocused()
  const [asked] = await Promise.all([page.waitForRequest('**/api/audit/checkpoints?*'), choose.setInputFiles(toFile(log.name, log.text))])
  await stop.focus()
  await page.unrouteAll({ behavior: 'ignoreErrors' })
  release()
  await asked.response()
  await expect(said).toContainText(/Intact[.:]/)
  await expect(choose).toBeFocused()
  await choose.setInputFiles(toFile(log.name, log.text.split('\n').slice(0, 2).join('\n')))
  await expect(said).toContainText('The end was cut off.')
  await choose.setInputFiles(toFile(extract.name, extract.text.split('\n').slice(-3).join('\n')))
  await expect(said).toContainText('this is an extract')
  await lookAtBoth(page, 'evidence-extract')

  // Two folders are dropped: no byte of them can be read.
  const dropped = await page.evaluateHandle(`(() => {
    Blob.prototype.text = () => Promise.reject(new DOMException('A requested file or directory could not be found.', 'NotFoundError'))
    const data = new DataTransfer()
    for (const name of ['logs', 'receipts']) data.items.add(new File(['a folder'], name))
    return data
  })()`)
  await page.locator('label.drop').dispatchEvent('drop', { dataTransfer: dropped })
  await expect(said).toContainText('No verdict. The file could not be read. A folder cannot be checked')
  await expect(said).toContainText('One file at a time: 1 other was left out.')
  await expect(said).not.toContainText('The checkpoints could not be read')
  await page.context().close()
})

test('a receipt waits for its checkpoint, is downloaded, verified by the command and by the page, and a changed one is refused', async ({
  browser,
  own,
}) => {
  const id = await propose(own, `Receipt for ${ugly}`)
  await own.approveAndClaim(id)
  const page = listen(await own.openPage(browser, 'approver'))
  await page.goto(`/actions/${id}`)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: /^Receipt/ }).click()])
  expect(download.suggestedFilename()).toBe(`receipt-${id}.json`)
  const file = await download.path()
  const text = readFileSync(file, 'utf8')
  const [key] = ((await own.ask('approver', '/api/audit/checkpoints')) as { keys: string[] }).keys
  const told = execFileSync(process.execPath, ['packages/verifier/src/autopack-verify.ts', file, '--key', key!], { cwd: root, encoding: 'utf8' })
  expect(told).toContain('VERIFIED')

  await page.goto(`/actions/${id}/receipt`)
  await expect(page.locator('.verdict'), 'this browser knows no key yet').toContainText('It holds in itself; who signed it is not known.')
  await expect(page.getByRole('list', { name: 'What was checked' }).locator('[data-s=ok]')).toHaveCount(16)
  await expect(page.getByRole('list', { name: 'What was checked' })).toContainText('and so is whatever was reported as sent, byte for byte')
  await expect(page.getByRole('region', { name: 'Who approved' })).toContainText('not signed')
  await expect(page.getByRole('region', { name: 'In the audit log' }).getByRole('listitem')).not.toHaveCount(0)
  await lookAtBoth(page, 'evidence-receipt')
  await page.emulateMedia({ media: 'print' })
  await expect(page.getByRole('banner')).toBeHidden()
  await page.screenshot({ path: join(root, '.cache/screenshots/evidence-receipt-print.png'), fullPage: true })
  await page.emulateMedia({ media: 'screen' })

  const forged = { name: 'forged.json', mimeType: 'application/json', buffer: Buffer.from(text.replace('"as asked"', '"as asket"')) }
  expect(spawnSync(process.execPath, ['packages/verifier/src/autopack-verify.ts', '-'], { cwd: root, input: forged.buffer }).status).toBe(1)
  await page.goto('/audit/verify#file')
  const choose = page.locator('input[type=file]')
  await page.getByRole('textbox').fill(key!)
  await choose.setInputFiles(file)
  await expect(page.locator('.verdict')).toContainText('Verified.')
  await choose.setInputFiles(forged)
  await expect(page.locator('.verdict')).toContainText('Not verified.')
  await lookAtBoth(page, 'evidence-forged')

  const pending = await propose(own, 'Nobody has decided')
  await page.goto(`/actions/${pending}`)
  await expect(page.getByRole('button', { name: 'Receipt' })).toHaveAttribute('aria-disabled', 'true')
  await page.context().close()
})

test('a receipt calls nothing sent that was not reported as sent, and marks what nobody could explain', async ({ browser, own }) => {
  const id = await propose(own, 'The shop is down')
  await own.approveAndClaim(id)
  const report = { fence: 1, sent: 'no', outcome: 'failed', error_code: 'SHOP\u202E_DOWN', error_summary: 'The shop did not answer.' }
  await own.asExecutor(`/external-actions/${id}/finish`, report)
  const page = listen(await own.openPage(browser, 'approver'))
  await page.goto(`/actions/${id}/receipt`)
  const part = page.getByRole('region', { name: /^What was (?:to be )?sent$/ })
  await expect(part.getByRole('heading')).toHaveText('What was to be sent', untilSigned)
  await expect(part).toContainText('It failed; nothing was sent, as its executor reported')
  await page.goto(`/audit?q=action:${id}`)
  await expect(rowsOf(page).first(), 'what an executor hid in its report is written out').toContainText('failed, shop⟨U+202E⟩ down')
  await lookAtBoth(page, 'evidence-failed-report')

  const blind = await own.proposePayload(listingText({ title: 'With a member of its own', unheard_of: 'x' }))
  const { revision, payload_hash } = await own.ask('approver', `/api/external-actions/${blind}`)
  const decision = { kind: 'reject', reject_kind: 'never', revision, payload_hash, reason: 'nobody can read that' }
  await own.ask('approver', `/api/external-actions/${blind}/decision`, decision)
  await page.goto(`/actions/${blind}/receipt`)
  await expect(part.getByRole('heading')).toHaveText('What was to be sent', untilSigned)
  await expect(part.getByRole('term').filter({ hasText: ', unexplained' })).toHaveCount(1)
  await lookAtBoth(page, 'evidence-receipt-unexplained')
  await page.context().close()
})

test('a receipt that waits for its checkpoint comes also when the action changes meanwhile', async ({ browser, own }) => {
  const id = await propose(own, 'Changes while its receipt waits')
  await own.approveAndClaim(id)
  const page = listen(await own.openPage(browser, 'approver'))
  const receipts = '**/api/external-actions/*/receipt'
  await page.route(receipts, async (route) => {
    const json = { type: 'urn:autopack:problem:not_checkpointed', title: 'No checkpoint yet', status: 409, code: 'not_checkpointed', detail: 'Wait.' }
    const headers = { 'retry-after': '2', 'content-type': 'application/problem+json' }
    await route.fulfill({ status: 409, headers, body: JSON.stringify({ ...json, request_id: crypto.randomUUID() }) })
  })
  await page.goto(`/actions/${id}`)
  await page.getByRole('button', { name: 'Receipt', exact: true }).click()
  await expect(page.getByRole('button', { name: /^Waits for the next checkpoint/ })).toBeVisible()
  await own.asExecutor(`/external-actions/${id}/finish`, { fence: 1, sent: 'no', outcome: 'failed' })
  await expect(page.getByRole('main')).toContainText('Failed')
  await expect(page.getByRole('button', { name: /^Waits for the next checkpoint/ }), 'it is still asked for').toBeVisible()
  const download = page.waitForEvent('download')
  await page.unroute(receipts)
  expect(JSON.parse(await textOf(await download))).toMatchObject({ action: { id, state: 'FAILED' } })
  await expect(page.getByRole('button', { name: 'Receipt', exact: true })).toBeVisible()
  await page.context().close()
})

test('what this browser learns, keeps and forgets judges a receipt anew', async ({ browser, own }) => {
  const id = await propose(own, 'Judged three times')
  await own.approveAndClaim(id)
  const page = listen(await own.openPage(browser, 'admin'))
  await page.goto(`/actions/${id}/receipt`)
  await expect(page.locator('.verdict')).toContainText('who signed it is not known', untilSigned)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()])
  const { checkpoint } = JSON.parse(await textOf(download)) as { checkpoint: string }

  const beside = listen(await page.context().newPage())
  await beside.goto('/audit/verify')
  await beside.getByRole('button', { name: 'Verify the whole log' }).click()
  await expect(beside.getByText('It holds together')).toBeVisible()
  await expect(page.locator('.verdict')).toContainText('Verified.')

  const [origin, size, root, ...rest] = checkpoint.split('\n')
  const other = [origin, size, `${root!.startsWith('A') ? 'B' : 'A'}${root!.slice(1)}`, ...rest].join('\n')
  await beside.evaluate((note) => {
    const known = JSON.parse(localStorage.getItem('audit-known')!) as object
    localStorage.setItem('audit-known', JSON.stringify({ ...known, note }))
  }, other)
  await expect(page.locator('.verdict')).toContainText('Not verified. A checkpoint that you gave or this browser kept says otherwise')
  await expect(page.getByRole('list', { name: 'What was checked' }).locator('[data-s=failed]')).toHaveCount(1)
  await expect(page.getByRole('region', { name: 'Who approved' }), 'nothing that it says is shown').toHaveCount(0)
  await lookAtBoth(page, 'evidence-receipt-contradicted')

  await beside.reload()
  await beside.getByRole('button', { name: 'Forget it' }).click()
  await expect(page.locator('.verdict')).toContainText('who signed it is not known')
  await beside.getByRole('textbox').fill(other)
  await expect(beside.getByText('1 checkpoint of yours: a log is held against all of them, a receipt against the keys')).toBeVisible()
  await beside.locator('input[type=file]').setInputFiles(await download.path())
  await expect(beside.locator('.verdict')).toContainText('Not verified. A checkpoint that you gave')
  await page.context().close()
})

test('a query is saved under a name, is there in another browser of the same person and nobody else’s, and comes back when it was removed', async ({
  browser,
  own,
}) => {
  const page = listen(await own.openPage(browser, 'admin'))
  await page.goto('/audit?q=did%3Asign-in')
  await expect(rowsOf(page).first()).toBeVisible()
  await page.getByRole('button', { name: 'Saved' }).click()
  const panel = page.getByRole('group', { name: 'Saved queries' })
  await expect(panel).toContainText('None yet.')
  await panel.getByLabel('Save this query as').fill('Who came in \u202E <b>')
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('link', { name: /^Who came in/ })).toHaveAttribute('aria-current', 'true')
  await expect(panel.getByRole('status')).toContainText('is saved.')
  await lookAtBoth(page, 'evidence-saved-queries')

  const elsewhere = listen(await own.openPage(browser, 'admin'))
  await elsewhere.goto('/audit')
  await elsewhere.getByRole('button', { name: 'Saved' }).click()
  await elsewhere.getByRole('link', { name: /^Who came in/ }).click()
  await expect(elsewhere).toHaveURL(/\/audit\?q=did%3Asign-in$/)
  await expect(elsewhere.getByRole('group', { name: 'Saved queries' })).toBeHidden()
  await elsewhere.context().close()

  const somebody = listen(await own.openPage(browser, 'approver'))
  await somebody.goto('/audit?q=did%3Asign-in')
  await somebody.getByRole('button', { name: 'Saved' }).click()
  await expect(somebody.getByRole('group', { name: 'Saved queries' })).toContainText('None yet.')
  await somebody.context().close()

  await page.reload()
  await page.getByRole('button', { name: /^Who came in/ }).click()
  await panel.getByRole('button', { name: /^Remove Who came in/ }).click()
  await expect(panel.getByRole('status')).toContainText('is removed.')
  await expect(panel.getByRole('link')).toHaveCount(0)
  await expect(panel.getByRole('button', { name: 'Undo' }), 'the keyboard goes on there').toBeFocused()
  await page.keyboard.press('Enter')
  await expect(panel.getByRole('link', { name: /^Who came in/ })).toBeVisible()
  await page.context().close()
})
