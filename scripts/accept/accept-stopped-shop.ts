import type { AcceptanceSetup } from './acceptance-setup.ts'
import type { BrowserPerson } from './browser-person.ts'
import type { ShopGate } from './shop-gate.ts'
import { openShopRecord } from './shop-record.ts'
import { waitUntil } from './wait-until.ts'

const quietMs = 10_000

/** Section 6: a shop that is gone before the connection was provably not told; one that goes away after it took the request may have been. */
export async function acceptStoppedShop(setup: AcceptanceSetup, approver: BrowserPerson, gate: ShopGate): Promise<void> {
  const { report, book, console: console_, workspace, results } = setup
  const visitor = setup.visitors.approver
  const shop = openShopRecord(book, console_)
  const before = await shop.posts()
  const spentToday = async (actionId: string) => {
    const entries = await visitor.audit(`action:${actionId}`)
    return entries.toSorted((a, b) => b.seq - a.seq).flatMap(({ event }) => event.spend_snapshot ?? [])
  }

  const first = await visitor.nextProposal(workspace.name)
  await gate.stop()
  await approver.approve(first.action_id, `${workspace.name} finds the shop closed`)
  const failed = await visitor.settled(first.action_id, ['FAILED', 'UNKNOWN', 'COMPLETED'], 30_000)
  const provable = failed.execution?.sent === 'no' && failed.execution.sent_sha256 === null
  report.check('6', failed.state === 'FAILED' && provable, 'a shop that is stopped before the connection: FAILED, sent: no', failed)
  const [afterFailed] = await spentToday(first.action_id)
  report.check('6', afterFailed?.reserved_minor === 0, 'and what it had reserved of the caps is given back', afterFailed)
  await approver.page.goto(`${console_.origin}/approvals/${first.action_id}`)
  const words = await approver.reads('nothing sent')
  report.check('6', words.found, 'and the page says that nothing was sent', words.text)

  await gate.start()
  const second = await visitor.nextProposal(workspace.name)
  const seen = gate.posts.length
  gate.hold()
  await approver.approve(second.action_id, `${workspace.name} gets no answer`)
  await waitUntil('the request to be accepted', 20_000, () => gate.posts.length > seen, 20)
  await gate.stop()
  const unknown = await visitor.settled(second.action_id, ['FAILED', 'UNKNOWN', 'COMPLETED'], 90_000)
  report.check(
    '6',
    unknown.state === 'UNKNOWN' && unknown.execution?.sent === 'unknown',
    'a shop that is stopped after it accepted: UNKNOWN',
    unknown,
  )
  const [afterUnknown] = await spentToday(second.action_id)
  report.check('6', (afterUnknown?.reserved_minor ?? 0) > 0, 'and its reservation is kept, because nobody knows', afterUnknown)
  await gate.start()
  const posts = await shop.watch(quietMs, before)
  const again = gate.posts.slice(seen + 1)
  report.check('6', posts.length === 0 && again.length === 0, 'neither is sent again in the 10 s after the shop is back', { posts, again })
  results.add(failed.execution?.execution_id ?? '')
}
