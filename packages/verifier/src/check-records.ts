import { toCanonicalEvent } from './canonical-event.ts'
import { sha256Hex } from './hashes.ts'
import type { Approval, Check, ReadEntry, ReceiptFault } from './receipt-check.ts'
import type { Execution, Receipt, ToldDecision, ToldRevocation } from './receipt.ts'

/** A record of the receipt, what of it was hashed, and the kinds of events that record such a one. */
type FoundRecord = { where: string; record: Recorded; hashed: object; kinds: readonly string[] }
type Recorded =
  | Receipt['revision']
  | ToldDecision
  | ToldRevocation
  | Execution['claim']
  | NonNullable<Execution['outcome']>
  | Execution['observations'][number]
  | NonNullable<Execution['resolution']>
  | Receipt['passkeys'][number]

const kindsOf = {
  approve: ['external_action.approved'],
  reject: ['external_action.rejected'],
  ask_change: ['external_action.change_asked'],
  revoke: ['external_action.revoked'],
  veto: ['external_action.vetoed'],
} as const

/** What these recorded is in the receipt whatever revision they name: there is one execution and one end of an approval at most. */
const kindsAlways = ['claimed', 'finished', 'lease_lost', 'observed', 'resolved', 'revoked', 'vetoed'].map((name) => `external_action.${name}`)

const recordKinds: ReadonlySet<unknown> = new Set([
  ...['proposed', 'revised', 'approved', 'rejected', 'change_asked'].map((name) => `external_action.${name}`),
  ...kindsAlways,
])

/** Whether an event is about this action. */
export function isAbout(event: Record<string, unknown>, actionId: string): boolean {
  const about = event['approval_ref']
  if (typeof about !== 'object' || about === null || Object.keys(about).toSorted().join() !== 'id,kind') return false
  const { kind, id } = about as { kind: unknown; id: unknown }
  return kind === 'external_action' && id === actionId
}

/** Every record is the one that an event recorded, every event has its record, and none of them is left out. */
export const checkRecords: Check<'entries', 'about' | 'approvals' | 'seqs'> = (receipt, { entries }) => {
  const about = entries.filter(({ read }) => isAbout(read, receipt.action.id))
  // The numbers are in what was signed: an event that is taken away leaves a gap, wherever it stood but at the end.
  const gap = about.findIndex(({ read }, place) => read['approval_ref_no'] !== place + 1)
  if (gap !== -1) return { where: `${about[gap]!.where}.event`, detail: `entry ${about[gap]!.seq} is not event ${gap + 1} about this action` }
  const taken = new Map<ReadEntry, string>()
  const seqs = new Map<object, number>()
  for (const { where, record, hashed, kinds } of listRecords(receipt)) {
    const hash = sha256Hex(toCanonicalEvent(hashed))
    const recorded = entries.filter(({ read }) => read['record_sha256'] === hash && kinds.includes(read['event_type'] as string))
    if (recorded.length === 0) return { where, detail: `no event ${kinds.join(' or ')} recorded this: it has the hash ${hash}` }
    const [entry, second] = recorded.filter((one) => findOtherPlace(one, record, where, receipt.action.id) === null)
    if (entry === undefined) return findOtherPlace(recorded[0]!, record, where, receipt.action.id)!
    if (second !== undefined) return { where, detail: `entry ${second.seq} recorded it once more` }
    if (taken.has(entry)) return { where, detail: `it stands in ${taken.get(entry)!} already` }
    const fault = isTold(record) ? findOtherWords(entry, record, where) : null
    if (fault !== null) return fault
    taken.set(entry, where)
    seqs.set(record, entry.seq)
  }
  const foreign = entries.find((entry) => !taken.has(entry) && !isAbout(entry.read, receipt.action.id))
  if (foreign !== undefined) return { where: foreign.where, detail: `entry ${foreign.seq} is about something else` }
  const empty = about.find(({ read }) => recordKinds.has(read['event_type']) && isNeeded(read, receipt) && (read['record_sha256'] ?? null) === null)
  if (empty !== undefined) return { where: empty.where, detail: `entry ${empty.seq} does not say what it recorded` }
  const forgotten = about.find((entry) => needsRecord(entry, receipt) && !taken.has(entry))
  if (forgotten !== undefined) return { where: forgotten.where, detail: `what entry ${forgotten.seq} recorded is not in the receipt` }
  const order = receipt.decisions.map((decision) => seqs.get(decision)!)
  const late = order.findIndex((seq, place) => place > 0 && seq < order[place - 1]!)
  if (late !== -1) return { where: `decisions[${late}]`, detail: 'the decisions are not in the order of the log' }
  const skipped = receipt.executions[0]?.observations.findIndex(({ no }, place) => no !== place + 1) ?? -1
  if (skipped !== -1) return { where: `executions[0].observations[${skipped}].no`, detail: `observation ${skipped + 1} belongs here` }
  return { about, approvals: listApprovals(receipt, seqs), seqs }
}

/** In the order of the file. */
function listRecords(receipt: Receipt): FoundRecord[] {
  const { revision, decisions, executions, passkeys } = receipt
  const plain = (where: string, record: Recorded | null, ...kinds: string[]) => (record === null ? [] : [{ where, record, hashed: record, kinds }])
  return [
    ...plain('revision', revision, 'external_action.proposed', 'external_action.revised'),
    ...decisions.map((decision, place) => {
      const { reason: _, name: __, ...hashed } = decision
      return { where: `decisions[${place}]`, record: decision, hashed, kinds: kindsOf[decision.kind] }
    }),
    ...executions.flatMap(({ claim, outcome, observations, resolution }) => [
      ...plain('executions[0].claim', claim, 'external_action.claimed'),
      ...plain('executions[0].outcome', outcome, 'external_action.finished', 'external_action.lease_lost'),
      ...observations.flatMap((record, place) => plain(`executions[0].observations[${place}]`, record, 'external_action.observed')),
      ...plain('executions[0].resolution', resolution, 'external_action.resolved'),
    ]),
    ...passkeys.flatMap((record, place) => plain(`passkeys[${place}]`, record, 'passkey.added')),
  ]
}

/** Where an event is about something else than the record whose hash it has; null: nowhere. */
function findOtherPlace({ seq, read }: ReadEntry, record: Recorded, where: string, actionId: string): ReceiptFault | null {
  if (record.record === 'passkey') {
    if (read['external_object_id'] !== record.credential_id) return { where, detail: `entry ${seq} is about another passkey` }
    if (read['auth_principal_id'] !== record.operator_id) return { where, detail: `entry ${seq} says that somebody else added it` }
    return null
  }
  if (!isAbout(read, actionId)) return { where, detail: `entry ${seq} is about something else` }
  if ('revision' in record && read['revision'] !== record.revision) return { where, detail: `entry ${seq} is about another revision` }
  if ('payload_hash' in record && read['payload_hash'] !== record.payload_hash) return { where, detail: `entry ${seq} is about another payload` }
  return null
}

/** Words are those of the record, by its hash, and those of the event, where it has them: they are sealed there while others are missing. */
function findOtherWords({ seq, read }: ReadEntry, told: ToldDecision | ToldRevocation, where: string): ReceiptFault | null {
  if (sha256Hex(`${told.decision_id}\n${told.reason}`) !== told.reason_sha256) {
    return { where: `${where}.reason`, detail: 'the record has the hash of another reason' }
  }
  const said = read['reason']
  if (typeof said === 'string' && said !== told.reason) return { where: `${where}.reason`, detail: `entry ${seq} says another reason` }
  if (told.name !== read['auth_principal_name']) return { where: `${where}.name`, detail: `entry ${seq} names somebody else` }
  return null
}

function isTold(record: Recorded): record is ToldDecision | ToldRevocation {
  return record.record === 'decision' || record.record === 'revocation'
}

function needsRecord({ read }: ReadEntry, receipt: Receipt): boolean {
  return (read['record_sha256'] ?? null) !== null && isNeeded(read, receipt)
}

function isNeeded(read: ReadEntry['read'], { action }: Receipt): boolean {
  return read['revision'] === action.revision || kindsAlways.includes(read['event_type'] as string)
}

function listApprovals(receipt: Receipt, seqs: ReadonlyMap<object, number>): Approval[] {
  return receipt.decisions.flatMap((decision, place) => {
    return decision.kind === 'approve' ? [{ ...decision, kind: decision.kind, where: `decisions[${place}]`, seq: seqs.get(decision)! }] : []
  })
}
