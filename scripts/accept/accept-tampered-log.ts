import type { AcceptanceSetup } from './acceptance-setup.ts'
import type { HeardAnswer } from './answer-book.ts'
import { postAsAgent } from './ask-people.ts'
import type { OwnerDatabase } from './owner-database.ts'
import { waitUntil } from './wait-until.ts'

/**
 * Section 5: a row of the audit log that its owner changed is named by the verifier, and the running console finds it at its next checkpoint.
 * Nothing is written there from then on, so nothing else may need this console afterwards.
 */
export async function acceptTamperedLog(setup: AcceptanceSetup, database: OwnerDatabase, log: string): Promise<void> {
  const { report, processes, clone, env, console: console_, workspace } = setup
  const verify = async () => {
    const command = ['npm', 'run', 'verify:audit', '--', '--data-dir', console_.dataDir] as const
    const verifier = processes.start(command, { cwd: clone.root, env, log })
    const status = await verifier.ended
    await verifier.stop()
    return { status, output: verifier.output() }
  }
  const untouched = await verify()
  report.check(
    '5',
    untouched.status === 0 && /VERIFIED (?:the first \d+ of )?\d+ events/.test(untouched.output) && untouched.output.includes('The checkpoint holds'),
    'the audit log verifies as it is, against the newest checkpoint',
    untouched,
  )

  const [row] = await database.query<{ seq: string; event: string }>(
    `SELECT seq, event FROM control_plane.audit_event WHERE event_type = 'external_action.approved' ORDER BY seq LIMIT 1`,
  )
  const { seq, event } = row!
  // The owner can drop the constraint that ties each row to its hash; no other row can be made to agree.
  await database.query('ALTER TABLE control_plane.audit_event DROP CONSTRAINT audit_event_hash_holds')
  const forged = event.replace(/"reason":"[^"]/, (found) => `${found.slice(0, -1)}${found.endsWith('X') ? 'Y' : 'X'}`)
  const put = (text: string) => database.tamper('UPDATE control_plane.audit_event SET event = $2 WHERE seq = $1', [seq, text])
  const changed = forged === event ? 0 : await put(forged)
  const found = await verify()
  const named = found.status === 1 && found.output.includes(`NOT VERIFIED at seq ${seq}:`)
  report.check('5', changed === 1 && named, `one letter changed in row ${seq} of the audit log: the verifier names seq ${seq}`, found)

  const rehash = `UPDATE control_plane.audit_event SET hash = sha256('\\x01'::bytea || int8send(seq) || prev || convert_to(event, 'UTF8')) WHERE seq = $1`
  await database.tamper(rehash, [seq])
  const consistent = await verify()
  const broken = consistent.status === 1 && consistent.output.includes(`NOT VERIFIED at seq ${Number(seq) + 1}:`)
  report.check('5', broken, 'the same with a hash that fits: the row after it does not follow any more', consistent)

  let asked = 0
  const ask = () => {
    const key = `after-row-${seq}-changed-${(asked += 1)}`
    return postAsAgent(setup, '/approval/request', key, {
      run_id: `asks-${workspace.name}`,
      phase_id: 'F1',
      context: key,
      decision_info: { risk_level: 'low' },
    })
  }
  const isStopped = ({ status, text }: HeardAnswer) => status === 503 && text.includes('"audit_unavailable"') && text.includes('signed checkpoint')
  // A checkpoint is signed when something was written: each of these that is taken is.
  const refused = await waitUntil(
    'the console to write nothing any more',
    60_000,
    async () => {
      const answer = await ask()
      return (isStopped(answer) || answer.status !== 200) && answer
    },
    1_000,
  )
  report.check('5', isStopped(refused), 'at its next checkpoint the running console finds it, and writes nothing any more', refused.text)

  await put(event)
  await database.tamper(rehash, [seq])
  const restored = await verify()
  report.check('5', restored.status === 0, 'with the letter put back the log verifies again', restored)
  const still = await ask()
  report.check('5', isStopped(still), 'and nothing is written until a person has looked', still.text)
}
