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
  const first = `VERIFIED ${count} events, head ${head}`
  if (last === undefined)
    return [first, 'No checkpoint was given: an end that was cut off, or a log that was written anew as a whole, would not show.']
  const after = count - last.size
  return [
    first,
    `${checkpoints.length === 1 ? 'The checkpoint holds' : `All ${checkpoints.length} checkpoints hold`}. ${describeCheckpoint(last)}`,
    ...(after === 0 ? [] : [`${after === 1 ? '1 event' : `${after} events`} after it: no checkpoint shows whether more were cut off there.`]),
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
  const { drawn } = facts
  return [
    `VERIFIED ${facts.action_id}, revision ${facts.revision}: ${facts.state}`,
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
    describeCheckpoint(facts.checkpoint),
  ]
}

function describeCheckpoint({ size, time, origin, key_id, trust }: BelievedCheckpoint): string {
  const said = `Checkpoint of ${size} events of ${safe(origin)}, at ${time}, signed by the key ${key_id}`
  if (trust === 'trusted') return `${said}, which you trust or which follows from one that you trust.`
  return `${said}. NOT TRUSTED BY YOU: that this is the right key is only the word of whoever made this file. Get it elsewhere, and give it with --key.`
}

const verbs = { approve: 'Approved', reject: 'Rejected', ask_change: 'Asked for a change', revoke: 'Revoked', veto: 'Vetoed' } as const

function describeDecision(decision: DecisionFact): string[] {
  const { kind, name, role, decided_at, reason, signed, strength, sole_operator } = decision
  const how = kind !== 'approve' ? '' : signed ? ', signed with a passkey' : `, NOT SIGNED (by ${strength})`
  const alone = sole_operator ? ', ALONE: they asked for it themselves' : ''
  return [
    `${verbs[kind]} by ${safe(name)} (${role}) at ${decided_at}${how}${alone}`,
    `    ${reason === null ? 'The reason is sealed.' : safe(reason)}`,
  ]
}

function describeAuthorization({ authorized_by, decisions, state, tier }: ReceiptFacts): string[] {
  const nobody = !decisions.some(({ kind }) => kind === 'approve')
  if (authorized_by === 'policy') return [`Nobody decided: a grant covers what is of tier ${tier}.`]
  return nobody && authorized_by === null && ['APPROVED', 'REVOKED'].includes(state) ? ['Nobody decided: it was approved on a grant.'] : []
}

function describeExecution({ execution, mode }: ReceiptFacts): string[] {
  if (execution === null) return ['Never claimed: nothing was sent.']
  const { claim, outcome, observations, resolution } = execution
  const lines = [`Claimed at ${claim.claimed_at} as ${claim.execution_id}${mode === 'dry_run' ? ', as a dry run' : ''}`]
  if (outcome === null) return [...lines, 'What came of it is not known yet.']
  const { finished_at, sent, sent_sha256, external_object_id, error_summary } = outcome
  const bytes = sent_sha256 === null ? '' : `: the bytes that were approved, SHA-256 ${sent_sha256}`
  lines.push(`Ended ${outcome.outcome} at ${finished_at}. Sent: ${sent}${bytes}`)
  if (external_object_id !== null) lines.push(`    At the provider: ${safe(external_object_id)}`)
  if (error_summary !== null) lines.push(`    ${safe(error_summary)}`)
  for (const { result, observed_at, detail } of observations) {
    lines.push(`Read back at ${observed_at}: ${result.replace('_', ' ')}${detail === null ? '' : `. ${safe(detail)}`}`)
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
