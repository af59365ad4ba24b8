import { setTimeout as delay } from 'node:timers/promises'
import type { AcceptanceSetup } from './acceptance-setup.ts'
import { startAgent } from './agent-under-test.ts'
import { openPerson } from './browser-person.ts'
import type { RandomWorkspace } from './random-workspace.ts'
import { openShopGate } from './shop-gate.ts'
import { openShopRecord } from './shop-record.ts'
import { waitUntil } from './wait-until.ts'

const quietMs = 90_000

/**
 * Section 4: an agent that dies while it sends leaves UNKNOWN, and nobody sends again. Answers once the agent is dead; the 90 seconds go
 * on in `over`, which rejects with nothing: it reports.
 */
export async function acceptKilledAgent(
  setup: AcceptanceSetup,
  options: { workspace: RandomWorkspace; gatePort: number; log: string },
): Promise<{ over: Promise<void> }> {
  const { report, book, browser, console: console_, results } = setup
  const { workspace, gatePort, log } = options
  const gate = await openShopGate(gatePort, console_.shopPort)
  const agentOptions = { name: 'killed-agent', workspace: workspace.folder, shopUrl: gate.url, log }
  const agent = startAgent(setup, agentOptions)
  const visitor = setup.visitors.approver
  const approver = await openPerson(browser, book, console_, 'approver')
  const shop = openShopRecord(book, console_)
  const { action_id } = await visitor.nextProposal(workspace.name)
  gate.hold()
  await approver.approve(action_id, `the agent of ${workspace.name} will not see the answer`)
  await waitUntil('the request of the agent', 20_000, () => gate.posts.length === 1, 20)
  process.kill(agent.pid, 'SIGKILL')
  await agent.ended
  const killedAt = performance.now()
  const claimed = await visitor.action(action_id)
  const execution = claimed.execution?.execution_id ?? ''
  report.check(
    '4',
    claimed.state === 'EXECUTING' && gate.posts[0] === execution,
    'the agent is killed after its claim, while its request is on the way',
    claimed,
  )
  // The worst of both: the request does arrive, and nobody is left who could say so.
  gate.letThrough()
  const mine = async () => (await shop.posts()).filter((post) => post.execution_id === execution)
  await waitUntil('the request to arrive at the shop', 10_000, async () => (await mine()).length > 0)
  const successor = startAgent(setup, agentOptions)
  results.add(execution)

  const finish = async () => {
    const sinceKill = () => performance.now() - killedAt
    let unknownAfterMs = Number.NaN
    while (sinceKill() < quietMs) {
      // Another part restarts the console meanwhile: its answer counts once it is back.
      const now = await visitor.action(action_id).catch(() => null)
      if (now?.state === 'UNKNOWN' && Number.isNaN(unknownAfterMs)) unknownAfterMs = sinceKill()
      await delay(1_000)
    }
    const after = await visitor.action(action_id)
    const { state, execution: ended } = after
    report.check('4', state === 'UNKNOWN' && ended?.sent !== 'yes' && ended?.sent !== 'no', 'the console says UNKNOWN, not a guess', after)
    const posts = await mine()
    const once = posts.length === 1 && gate.posts.filter((key) => key === execution).length === 1
    report.check('4', once, 'no second POST within 90 s, although the agent was started again', { posts, seen: gate.posts })
    const others = gate.posts.filter((key) => key !== execution)
    report.check('4', others.length === 0, 'and no other POST of that agent either', others)
    report.check('4', unknownAfterMs < quietMs, 'UNKNOWN came by itself when the lease was over', unknownAfterMs)
    const story = await setup.visitors.viewer.audit(`action:${action_id}`)
    report.check(
      '4',
      story.some(({ event }) => event.result_status === 'UNKNOWN'),
      'and it is in the audit log',
      story,
    )
    await successor.stop()
    await gate.stop()
    await approver.page.context().close()
  }
  return { over: report.part('4', 'the 90 s after the agent was killed', finish) }
}
