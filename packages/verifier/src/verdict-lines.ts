import type { BelievedCheckpoint } from './checkpoint.ts'
import type { DecisionFact, ReceiptFacts } from './receipt-facts.ts'
import type { AuditVerdict } from './verify-audit-log.ts'
import type { ReceiptVerdict } from './verify-receipt.ts'
import { shorten, showText } from './visible-text.ts'

const mostShown = 2_000

/** What a log is said to be, line by line, safe for a terminal: nothing from the file can move a cursor or pass for a line of ours. */
export function toLogLines(verdict: AuditVerdict): string[] {
  if (!verdict.ok) {
    const { reason, seq, until, detail } = verdict
    const where = seq === null ? '' : until === null || reason === 'cut' ? ` at seq ${seq}` : ` between seq ${seq} and seq ${until}`
    return [`NOT VERIFIED${where}: ${reason}: ${safe(detail)}`]
  }
  const { count, head, checkpoints } = verdict
  const last = checkpoints.at(-1)
  if (last === undefined)
    return [
      `HOLDS IN ITSELF, NOT COMPARED: ${count} events, head ${head}`,
      'No checkpoint was given: an end that was cut off, or a log that was written anew as a whole, would not show.',
    ]
  const after = count - last.size
  return [
    `VERIFIED ${after === 0 ? '' : `the first ${last.size} of `}${count} events, head ${last.head}`,
    ...(after === 0
      ? []
      : [`No checkpoint covers the ${after} after them: anybody may have written ${after === 1 ? 'it' : 'those'}, or cut off more.`]),
    `${checkpoints.length === 1 ? 'The checkpoint holds' : `All ${checkpoints.length} checkpoints hold`}. ${describeCheckpoint(last)}`,
  ]
}

/** What a receipt is said to be, line by line, safe for a terminal. */
export function toReceiptLines(verdict: ReceiptVerdict): string[] {
  if (!verdict.ok) {
    const { reason, where, detail, held } = verdict
    const holds = held.length === 0 ? [] : [`What was checked before it holds: ${held.join(', ')}.`]
    return [`NOT VERIFIED: ${reason}${where === '' ? '' : ` at ${safe(where)}`}: ${safe(detail)}`, ...holds]
  }
  const { facts } = verdict
  const { drawn, checkpoint } = facts
  const verified = checkpoint.trust === 'trusted'
  return [
    `${verified ? 'VERIFIED' : 'HOLDS IN ITSELF, SIGNER UNKNOWN:'} ${facts.action_id}, revision ${facts.revision}: ${facts.state}`,
    ...(verified ? [] : ['Anybody can make a file that holds in itself. Get the key of the log from somebody you trust, and give it with --key.']),
    `${safe(facts.requested_by.name)} wanted to ${drawn.sentence_text}`,
    ...(drawn.blind ? ['BLIND: not all of it could be explained to those who approved it.'] : []),
    '',
    ...drawn.fields.flatMap(({ label, value_text }) => toBlock(label, value_text)),
    ...toBlock('Undo', drawn.undo_text),
    ...toBlock('Who sees it', drawn.seen_by_text),
    '',
    ...facts.decisions.flatMap(describeDecision),
    ...describeAuthorization(facts),
    ...describeExecution(facts),
    '',
    describeCheckpoint(checkpoint),
    describeEnd(facts),
    'Times are those of the deployment. What was sent and read back is what the executor reported.',
  ]
}

/** Up to where it is complete: whoever hands a receipt over can leave out its last events, and nothing in it shows that. */
function describeEnd({ complete_until, checkpoint, log }: ReceiptFacts): string {
  const until = `Complete up to event ${complete_until.no} about this action, entry ${complete_until.seq} of the log`
  if (log !== null) return `${until}: the log that you brought, of ${log.count} entries, has no later one but refusals.`
  return `${until}. Later ones may have been left out, also among the ${checkpoint.size} that were signed: --log FILE finds them.`
}

function describeCheckpoint({ size, time, origin, key_id, trust }: BelievedCheckpoint): string {
  const said = `Checkpoint of ${size} events of ${safe(origin)}, at ${time}, signed by the key ${key_id}`
  if (trust === 'trusted') return `${said}, which you trust or which follows from one that you trust.`
  return `${said}. NOT TRUSTED BY YOU: that this is the key of the log is only the word of whoever made this file.`
}

const verbs = { approve: 'Approved', reject: 'Rejected', ask_change: 'Asked for a change', revoke: 'Revoked', veto: 'Vetoed' } as const

function describeDecision(decision: DecisionFact): string[] {
  const { kind, name, role, decided_at, reason, passkey, strength, sole_operator } = decision
  const how = kind !== 'approve' ? '' : passkey !== null ? `, signed with ${describePasskey(passkey)}` : `, NOT SIGNED (by ${strength})`
  const alone = sole_operator ? ', ALONE: they asked for it themselves' : ''
  return [`${verbs[kind]} by ${safe(name)} (${role}) at ${decided_at}${how}${alone}`, `    ${safe(reason)}`]
}

function describePasskey({ endorsed_by }: NonNullable<DecisionFact['passkey']>): string {
  if (endorsed_by === null) return 'the first passkey in their name: that it is theirs is the word of the deployment'
  return 'a passkey that an earlier one in their name endorsed'
}

/** That a grant stands in for people, and how much of that was checked; nothing where they decided. */
export function describeAuthorization({ authorized_by, decisions, state, tier }: ReceiptFacts): string[] {
  const nobody = !decisions.some(({ kind }) => kind === 'approve')
  const granted = authorized_by === 'policy' || (nobody && authorized_by === null && ['APPROVED', 'REVOKED'].includes(state))
  return granted ? [`Nobody decided: its kind, of tier ${tier}, is on a grant. That its bounds were kept is the word of the deployment.`] : []
}

function describeExecution({ execution, mode }: ReceiptFacts): string[] {
  if (execution === null) return ['Nobody had claimed it by then.']
  const { claim, outcome, observations, resolution } = execution
  const lines = [`Claimed at ${claim.claimed_at} as ${claim.execution_id}${mode === 'dry_run' ? ', as a dry run' : ''}`]
  if (outcome === null) return [...lines, 'Nobody had said by then what came of it.']
  const { finished_at, sent, sent_sha256, external_object_id, error_summary } = outcome
  const bytes = sent_sha256 === null || sent !== 'yes' ? '' : `: the body that was approved, SHA-256 ${sent_sha256}`
  const reported = outcome.recorded_by === claim.executor_id ? 'The executor reported' : 'The deployment recorded'
  lines.push(`${reported} at ${finished_at}: ${outcome.outcome}. Sent: ${sent}${bytes}`)
  if (external_object_id !== null) lines.push(`    At the provider: ${safe(external_object_id)}`)
  if (error_summary !== null) lines.push(`    ${safe(error_summary)}`)
  for (const { result, observed_at, detail } of observations) {
    lines.push(`The executor read back at ${observed_at}: ${result.replace('_', ' ')}${detail === null ? '' : `. ${safe(detail)}`}`)
  }
  if (resolution === null) return lines
  return [...lines, `Resolved as ${resolution.outcome} at ${resolution.resolved_at} by ${resolution.operator_id}: ${safe(resolution.reason)}`]
}

/** A value that is drawn already: only its lines have to stay inside its block. */
function toBlock(label: string, value: string): string[] {
  const [first = '', ...others] = value.split('\n')
  return [`  ${safe(label)}: ${first.replaceAll('\t', '    ')}`, ...others.map((line) => `      | ${line.replaceAll('\t', '    ')}`)]
}

function safe(text: string): string {
  return showText(shorten(text.toWellFormed(), mostShown), false).text
}
