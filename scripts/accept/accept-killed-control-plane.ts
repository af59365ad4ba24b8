import type { AcceptanceSetup } from './acceptance-setup.ts'
import { openPerson } from './browser-person.ts'
import { openShopRecord } from './shop-record.ts'

/** Section 4: what was answered with 200 was decided, whatever dies in the same moment. */
export async function acceptKilledControlPlane(setup: AcceptanceSetup): Promise<void> {
  const { report, book, browser, console: console_, workspace, results } = setup
  const visitor = setup.visitors.approver
  const shop = openShopRecord(book, console_)
  const { action_id } = await visitor.nextProposal(workspace.name)
  const before = await shop.posts()
  const approver = await openPerson(browser, book, console_, 'approver')
  // Held still, so that the kill comes between the decision and the claim, every time.
  console_.signal('demo-agent', 'SIGSTOP')
  const { status } = await approver.approve(action_id, `right before the end of ${workspace.name}`)
  console_.signal('control-plane', 'SIGKILL')
  report.check('4', status === 200, "the control plane is killed right after the decision's 200", status)
  const ended = await console_.ended()
  report.check('4', ended !== 0, 'npm start notices, says so and ends with a failure', ended)
  await console_.start()

  const done = await visitor.settled(action_id, ['COMPLETED', 'FAILED', 'UNKNOWN', 'EXPIRED', 'CANCELLED'], 60_000)
  report.check('4', done.state === 'COMPLETED', 'after the next start the approved action is carried out', done)
  await shop.watch(10_000, await shop.posts())
  const posts = (await shop.posts()).slice(before.length)
  const once = posts.length === 1 && posts[0]?.execution_id === done.execution?.execution_id
  report.check('4', once, 'exactly one POST came of it in the end', posts)
  results.add(action_id)
  await approver.page.context().close()
}
