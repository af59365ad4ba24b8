import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AcceptanceSetup } from './acceptance-setup.ts'
import { openPerson } from './browser-person.ts'
import { openShopRecord } from './shop-record.ts'
import { waitUntil } from './wait-until.ts'

const quietMs = 10_000

/** Sections 1 and 2: what is approved is sent as it was shown, once; before that and after a reject, nothing is. */
export async function acceptPublication(setup: AcceptanceSetup): Promise<void> {
  const { report, book, browser, console: console_, workspace, results } = setup
  const visitor = setup.visitors.approver
  const approver = await openPerson(browser, book, console_, 'approver')
  const shop = openShopRecord(book, console_)

  const proposed = await visitor.nextProposal(workspace.name)
  const early = await shop.watch(quietMs, [])
  report.check('2', early.length === 0, 'while a proposal waits, the shop gets no POST for 10 s', early)
  const waiting = await visitor.action(proposed.action_id)
  report.check('2', waiting.state === 'PENDING' && waiting.execution === null, 'and after these 10 s it still waits for a person', waiting)

  const reason = `${workspace.name} is only a list of files`
  await approver.openAction(proposed.action_id)
  const shown = await approver.reads(workspace.sentence)
  report.check('1', shown.found, 'the decision page shows the random sentence before anybody decides', shown.text)
  const decided = await approver.approve(proposed.action_id, reason)
  report.check('1', decided.status === 200, 'the approval in the browser is answered with 200', decided)
  const done = await visitor.settled(proposed.action_id, ['COMPLETED', 'FAILED', 'UNKNOWN'], 30_000)
  const posts = await shop.posts()
  report.check('1', done.state === 'COMPLETED' && posts.length === 1, 'the approved action is COMPLETED with exactly one POST', { done, posts })
  const [post] = posts
  const listingId = post?.listing_id ?? ''

  const page = await approver.page.context().newPage()
  await page.goto(`${console_.shopUrl}/listings/${listingId}`)
  const listing = await page.locator('main').innerText()
  report.check('1', listing.includes(workspace.sentence), "the shop's page shows the random sentence of the workspace", listing)
  const title = await page.getByRole('heading', { level: 1 }).innerText()
  report.check('1', title.includes(workspace.name), "and its title names the workspace's random name", title)
  await page.close()

  const raw = shop.hashRawBody(listingId)
  await approver.page.goto(`${console_.origin}/approvals/${proposed.action_id}?view=seal`)
  const sent = approver.page.locator('dt', { hasText: 'Bytes sent' }).locator('xpath=following-sibling::dd[1]')
  const onPage = (await sent.innerText()).replace(/\s/g, '')
  report.check('1', onPage.includes(raw), "the SHA-256 of the raw body in the shop's own record is the one the console's page shows as sent", {
    onPage,
    raw,
  })
  const equal = post?.sha256 === raw && done.execution?.sent_sha256 === raw && done.execution.expected_sha256 === raw
  report.check('1', equal, "and the one that the shop's record, the console's answer and the approved payload give", {
    post,
    raw,
    done: done.execution,
  })
  for (const result of [workspace.sentence, workspace.name, title, raw, proposed.payload_hash]) results.add(result)
  for (const id of [proposed.action_id, proposed.run_id ?? '', post?.execution_id ?? '']) results.add(id)

  const refused = await visitor.nextProposal(workspace.name)
  const before = await shop.posts()
  const no = `not this one: ${workspace.sentence}`
  await approver.reject(refused.action_id, no)
  const log = () => readFileSync(join(console_.dataDir, 'logs', 'demo-agent.log'), 'utf8')
  await waitUntil('the reason to be in the log of the agent', 20_000, () => log().includes(no))
  const late = await shop.watch(quietMs, before)
  report.check('2', late.length === 0, 'after a reject the shop gets no POST for 10 s', late)
  const ended = await visitor.action(refused.action_id)
  report.check('2', ended.state === 'REJECTED' && ended.execution === null, 'the action ends REJECTED, without an execution', ended)
  await approver.page.context().close()
}
