import { toCanonicalEvent } from './canonical-event.ts'
import { sha256Hex } from './hashes.ts'
import type { Approval, Check, ReadEntry } from './receipt-check.ts'
import type { PasskeyRecord, Receipt, Told } from './receipt.ts'

/** A record of the receipt, and the kinds of events that record such a one. */
type FoundRecord = {
  where: string
  record: object
  kinds: readonly string[]
  told: Told | null
  decisionId: string | null
  reasonSha256: string | null
}

const kindsOf = {
  approve: ['external_action.approved'],
  reject: ['external_action.rejected'],
  ask_change: ['external_action.change_asked'],
  revoke: ['external_action.revoked'],
  veto: ['external_action.vetoed'],
} as const

/** Recorded whatever the revision: there is one execution of an action at most. */
const kindsOfExecution = ['finished', 'lease_lost', 'observed', 'resolved'].map((name) => `external_action.${name}`)

/** Every record is the one that an event recorded, every event has its record, and the words beside a record are those of both. */
export const checkRecords: Check<'entries', 'approvals' | 'enrolments' | 'claimSeq'> = (receipt, { entries }) => {
  const foreign = entries.find((entry) => !isAbout(entry, receipt.action.id) && !enrolsOneOf(entry, receipt.passkeys))
  if (foreign !== undefined) return { where: foreign.where, detail: `entry ${foreign.seq} is about something else` }
  const taken = new Map<ReadEntry, string>()
  const seqs = new Map<string, number>()
  for (const { where, record, kinds, told, decisionId, reasonSha256 } of listRecords(receipt)) {
    const hash = sha256Hex(toCanonicalEvent(record))
    const entry = entries.find(({ read }) => read['record_sha256'] === hash && kinds.includes(read['event_type'] as string))
    if (entry === undefined) return { where, detail: `no event ${kinds.join(' or ')} recorded this: it has the hash ${hash}` }
    if (taken.has(entry)) return { where, detail: `it stands in ${taken.get(entry)!} already` }
    taken.set(entry, where)
    seqs.set(where, entry.seq)
    if (told === null) continue
    if (told.reason !== null && sha256Hex(`${decisionId}\n${told.reason}`) !== reasonSha256) {
      return { where: `${where}.reason`, detail: 'the record has the hash of another reason' }
    }
    const said = entry.read['reason']
    if (typeof said === 'string' && said !== told.reason) return { where: `${where}.reason`, detail: `entry ${entry.seq} says another reason` }
    if (told.name !== entry.read['auth_principal_name']) return { where: `${where}.name`, detail: `entry ${entry.seq} names somebody else` }
  }
  const forgotten = entries.find((entry) => needsRecord(entry, receipt) && !taken.has(entry))
  if (forgotten !== undefined) return { where: forgotten.where, detail: `what entry ${forgotten.seq} recorded is not in the receipt` }
  const order = receipt.decisions.map((_, place) => seqs.get(`decisions[${place}]`)!)
  const late = order.findIndex((seq, place) => place > 0 && seq < order[place - 1]!)
  if (late !== -1) return { where: `decisions[${late}]`, detail: 'the decisions are not in the order of the log' }
  return { approvals: listApprovals(receipt, seqs), enrolments: listEnrolments(receipt, seqs), claimSeq: seqs.get('executions[0].claim') ?? null }
}

function isAbout({ read }: ReadEntry, actionId: string): boolean {
  const about = read['approval_ref'] as { kind?: unknown; id?: unknown } | null | undefined
  return typeof about === 'object' && about !== null && about.kind === 'external_action' && about.id === actionId
}

function enrolsOneOf({ read }: ReadEntry, passkeys: readonly PasskeyRecord[]): boolean {
  return read['event_type'] === 'passkey.added' && passkeys.some(({ credential_id }) => credential_id === read['external_object_id'])
}

/** In the order of the file. */
function listRecords(receipt: Receipt): FoundRecord[] {
  const plain = { told: null, decisionId: null, reasonSha256: null }
  const revision = { where: 'revision', record: receipt.revision, kinds: ['external_action.proposed', 'external_action.revised'], ...plain }
  const decisions = receipt.decisions.map(({ reason, name, ...record }, place) => ({
    where: `decisions[${place}]`,
    record,
    kinds: kindsOf[record.kind],
    told: { reason, name },
    decisionId: record.decision_id,
    reasonSha256: record.reason_sha256,
  }))
  const executions = receipt.executions.flatMap(({ claim, outcome, observations, resolution }, place) => {
    const where = `executions[${place}]`
    return [
      { where: `${where}.claim`, record: claim, kinds: ['external_action.claimed'] },
      ...(outcome === null
        ? []
        : [{ where: `${where}.outcome`, record: outcome, kinds: ['external_action.finished', 'external_action.lease_lost'] }]),
      ...observations.map((record, no) => ({ where: `${where}.observations[${no}]`, record, kinds: ['external_action.observed'] })),
      ...(resolution === null ? [] : [{ where: `${where}.resolution`, record: resolution, kinds: ['external_action.resolved'] }]),
    ].map((record) => ({ ...record, ...plain }))
  })
  const passkeys = receipt.passkeys.map((record, place) => ({ where: `passkeys[${place}]`, record, kinds: ['passkey.added'], ...plain }))
  return [revision, ...decisions, ...executions, ...passkeys]
}

function needsRecord({ read }: ReadEntry, { action }: Receipt): boolean {
  if (typeof read['record_sha256'] !== 'string') return false
  const kind = read['event_type'] as string
  return kind === 'passkey.added' || read['revision'] === action.revision || kindsOfExecution.includes(kind)
}

function listApprovals(receipt: Receipt, seqs: ReadonlyMap<string, number>): Approval[] {
  return receipt.decisions.flatMap((decision, place) => {
    const where = `decisions[${place}]`
    return decision.kind === 'approve' ? [{ ...decision, kind: decision.kind, where, seq: seqs.get(where)! }] : []
  })
}

function listEnrolments(receipt: Receipt, seqs: ReadonlyMap<string, number>): Map<PasskeyRecord, number> {
  return new Map(receipt.passkeys.map((passkey, place) => [passkey, seqs.get(`passkeys[${place}]`)!]))
}
