import type { AcceptanceSetup } from './acceptance-setup.ts'
import type { BrowserPerson } from './browser-person.ts'
import type { OwnerDatabase } from './owner-database.ts'
import { openShopRecord } from './shop-record.ts'
import type { StartedProcess } from './started-processes.ts'

/** Section 5: not even the owner of the database gets one byte past the hash. */
export async function acceptTamperedBytes(
  setup: AcceptanceSetup,
  database: OwnerDatabase,
  approver: BrowserPerson,
  agent: StartedProcess,
): Promise<void> {
  const { report, book, console: console_, workspace } = setup
  const visitor = setup.visitors.approver
  const shop = openShopRecord(book, console_)

  const first = await visitor.nextProposal(workspace.name)
  const before = await shop.posts()
  // Held still, so that the byte changes between the approval and the claim.
  process.kill(agent.pid, 'SIGSTOP')
  const approved = await approver.approve(first.action_id, `one byte of ${workspace.name} changes after this`)
  const changed = await changeOneByte(database, first.action_id, workspace.sentence)
  process.kill(agent.pid, 'SIGCONT')
  report.check('5', approved.status === 200 && changed === 1, 'one byte of an approved payload is changed in the database', { approved, changed })
  const ended = await visitor.settled(first.action_id, ['CANCELLED', 'COMPLETED', 'FAILED', 'UNKNOWN', 'EXPIRED'], 30_000)
  report.check('5', ended.execution === null && ended.state !== 'COMPLETED', 'nothing is handed out to the agent', ended)
  const story = await visitor.audit(`action:${first.action_id}`)
  const claims = story.filter(({ event }) => event.event_type.startsWith('external_action.claim'))
  const mismatch = claims.length > 0 && claims.every(({ event }) => event.error_code === 'hash_mismatch')
  report.check('5', mismatch, 'the claim is refused as hash_mismatch, and that is in the audit log', claims)

  const second = await visitor.nextProposal(workspace.name)
  const change = () => changeOneByte(database, second.action_id, workspace.sentence)
  const refused = await approver.approve(second.action_id, `somebody was faster than ${workspace.name}`, change)
  report.check(
    '5',
    refused.status >= 400 && refused.code === 'hash_mismatch',
    'changed under an open page: its approval is refused as hash_mismatch',
    refused,
  )
  const waiting = await visitor.action(second.action_id)
  report.check('5', waiting.state === 'PENDING' && waiting.decisions.length === 0, 'and the action has no decision', waiting)
  const posts = await shop.watch(5_000, before)
  report.check('5', posts.length === 0, 'neither led to a POST', posts)
  await approver.reject(second.action_id, `not these bytes of ${workspace.name}`)
}

/** The first letter of the sentence, where it stands in the payload. */
async function changeOneByte(database: OwnerDatabase, actionId: string, sentence: string): Promise<number> {
  const [row] = await database.query<{ payload: Buffer }>('SELECT payload FROM control_plane.action_revision WHERE action_id = $1', [actionId])
  const place = row!.payload.indexOf(sentence.slice(0, 12))
  if (place === -1) throw new Error('the payload does not hold the sentence')
  return database.tamper('UPDATE control_plane.action_revision SET payload = set_byte(payload, $2, $3) WHERE action_id = $1', [actionId, place, 0x58])
}
