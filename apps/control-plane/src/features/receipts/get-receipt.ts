import type { EvidenceRecord, PasskeyRecord } from '@autopack/approval-proof/evidence-records'
import { recordSha256 } from '@autopack/approval-proof/evidence-records'
import type { AuditEvent } from '@autopack/contract/audit'
import { receiptLimitBytes } from '@autopack/contract/limits'
import { listKeysBehind } from '@autopack/checkpoint/list-keys-behind'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Queryable } from '@autopack/server-kit/open-database'
import { findCheckpointCovering, listCheckpointKeys, listRotationNotes } from '../../audit/checkpoint-rows.ts'
import { proveInclusion } from '../../audit/inclusion-proof-rows.ts'
import type { Deps } from '../../deps.ts'
import {
  findAuthorization,
  findDescriptorText,
  findStartedBy,
  findWholeExecution,
  getExecutorName,
  getRevision,
  listDecisions,
  listSlots,
} from '../../ledger/action-rows.ts'
import type { ActionRow, RevisionRow } from '../../ledger/action-rows.ts'
import {
  toClaimRecord,
  toDecisionRecord,
  toObservationRecord,
  toOutcomeRecord,
  toResolutionRecord,
  toRevisionRecord,
  toRevocationRecord,
} from '../../ledger/to-evidence-records.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { toPasskeyRecord } from '../../shared/to-passkey-record.ts'
import {
  findEnrolmentEntry,
  findExtent,
  findVisibleAction,
  listEntriesOf,
  listObservations,
  listPasskeysById,
  listSignedActs,
} from './receipt-rows.ts'
import type { EntryRow } from './receipt-rows.ts'

const entriesPerPage = 400
/** A checkpoint is made within this time of a change (docs/evidence.md). */
const checkpointAfterSeconds = 5

/**
 * The receipt of one action as text (docs/evidence.md, "Receipts"), from one moment of the database. It says what rows say and nothing else:
 * every record is made again from its rows, and has to have the hash that the audit log holds. It goes up to the last event about the action that
 * is no refusal: refused attempts after it change nothing, and whoever makes them could keep it from being made. Throws `not_found`;
 * `still_pending` while nobody has decided; `not_checkpointed` while that event is under no checkpoint; `no_receipt` where the log holds too little
 * of it, or there is more than a verifier reads.
 */
export async function getReceipt(deps: Deps, principal: OperatorPrincipal, actionId: string): Promise<string> {
  return deps.db.transaction(
    async (tx) => {
      const action = await findVisibleAction(tx, principal, actionId)
      if (!action) throw new ProblemError('not_found', 'There is no such action, or you may not see it.')
      if (action.state === 'PENDING')
        throw new ProblemError(
          'still_pending',
          'Nobody has decided about this action yet, so there is nothing to prove. Ask again when it is decided.',
        )
      const extent = await findExtent(tx, actionId)
      if (extent === null) throw noReceipt('The audit log holds nothing of it: it is of an earlier version.')
      // Before anything of it is read.
      if (extent.bytes > receiptLimitBytes) throw tooLarge()
      const checkpoint = await findCheckpointCovering(tx, extent.last)
      if (checkpoint === null) {
        throw new ProblemError('not_checkpointed', `Entry ${extent.last} of the audit log is under no checkpoint yet. Ask again in a moment.`, {
          retryAfterSeconds: checkpointAfterSeconds,
        })
      }
      const about = await readEntries(tx, actionId, extent.last)
      const revision = await getRevision(tx, action)
      const records = await readRecords(tx, action, revision, about)
      const entries = [...about.map(({ entry }) => entry), ...records.enrolments].toSorted((one, other) => one.seq - other.seq)
      const seqs = entries.map(({ seq }) => seq)
      const paths = await proveAll(tx, seqs, checkpoint.size)
      const { payload, ...proved } = records.members
      const receipt = JSON.stringify({
        v: 'autopack-receipt/1',
        made_at: (await readClock(tx, deps.now)).toISOString(),
        action: { id: action.action_id, state: action.state, revision: action.revision },
        payload,
        ...proved,
        audit: entries.map(({ seq, prev, hash, event }) => ({
          seq,
          prev: prev.toString('hex'),
          hash: hash.toString('hex'),
          event,
          path: paths.get(seq)!,
        })),
        checkpoint: checkpoint.note,
        ...listKeysBehind(checkpoint.note, await listCheckpointKeys(tx), await listRotationNotes(tx)),
      })
      if (Buffer.byteLength(receipt) > receiptLimitBytes) throw tooLarge()
      return receipt
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
}

type Told = { entry: EntryRow; event: AuditEvent }

async function readEntries(db: Queryable, actionId: string, upTo: number): Promise<Told[]> {
  const found: Told[] = []
  for (;;) {
    const page = await listEntriesOf(db, actionId, { after: found.at(-1)?.entry.seq ?? 0, upTo, limit: entriesPerPage })
    found.push(...page.map((entry) => ({ entry, event: JSON.parse(entry.event) as AuditEvent })))
    if (page.length < entriesPerPage) return found
  }
}

async function proveAll(db: Queryable, seqs: readonly number[], size: number): Promise<Map<number, string[]>> {
  const paths = new Map<number, string[]>()
  for (let at = 0; at < seqs.length; at += entriesPerPage) {
    for (const [seq, path] of await proveInclusion(db, seqs.slice(at, at + entriesPerPage), size)) paths.set(seq, path)
  }
  return paths
}

async function readRecords(db: Queryable, action: ActionRow, revision: RevisionRow, about: readonly Told[]) {
  /** What the log says happened when this was written; without that, a receipt would be nothing but our word. */
  const find = (record: EvidenceRecord): Told => {
    const hash = recordSha256(record)
    const told = about.find(({ event }) => event.record_sha256 === hash)
    if (told === undefined)
      throw noReceipt(`The audit log holds no hash of its ${record.record}: it is of an earlier version, or its rows were changed.`)
    return told
  }
  const slots = await listSlots(db, action.action_id, action.revision)
  const revisionRecord = toRevisionRecord(revision, {
    requested_by: { executor_id: action.executor_id, name: await getExecutorName(db, action.executor_id) },
    started_by: await findStartedBy(db, action.run_id),
    slots,
  })
  find(revisionRecord)

  const rows = (await listDecisions(db, action.action_id)).filter((decision) => decision.revision === action.revision)
  const acts = await listSignedActs(
    db,
    rows.flatMap(({ signed_act_id }) => signed_act_id ?? []),
  )
  const decisions = rows
    .map((row) => {
      const ends = row.kind === 'revoke' || row.kind === 'veto'
      const place = slots.find(({ decision_id }) => decision_id === row.decision_id) ?? null
      const record = ends
        ? toRevocationRecord(row)
        : toDecisionRecord(row, place, acts.find((act) => act.signed_act_id === row.signed_act_id) ?? null)
      const { entry, event } = find(record)
      // Sealed words belong to what is pending, and that has no receipt.
      return { seq: entry.seq, said: { ...record, reason: row.reason.toWellFormed(), name: event.auth_principal_name } }
    })
    .toSorted((one, other) => one.seq - other.seq)
    .map(({ said }) => said)

  const { passkeys, enrolments } = await readPasskeys(
    db,
    acts.map(({ credential_id }) => credential_id),
  )

  const found = await findWholeExecution(db, action.action_id, action.revision)
  const authorization = await findAuthorization(db, action.action_id, action.revision)
  const executions =
    found === null || authorization === null
      ? []
      : [
          {
            claim: toClaimRecord(found.execution, authorization),
            outcome: found.outcome === null ? null : toOutcomeRecord(found.outcome),
            observations: (await listObservations(db, found.execution.execution_id)).map(toObservationRecord),
            resolution: found.resolution === null ? null : toResolutionRecord(found.resolution),
          },
        ]
  for (const { claim, outcome, observations, resolution } of executions)
    for (const record of [claim, outcome, ...observations, resolution]) if (record !== null) find(record)

  return {
    enrolments,
    members: {
      payload: revision.payload.toString('utf8'),
      descriptor: await readDescriptor(db, revision),
      revision: revisionRecord,
      decisions,
      executions,
      passkeys,
    },
  }
}

/** These passkeys and those that endorsed them, back to the first of the person, in the order of their ids; and the entries that enrolled them. */
async function readPasskeys(db: Queryable, credentialIds: readonly string[]): Promise<{ passkeys: PasskeyRecord[]; enrolments: EntryRow[] }> {
  const passkeys = new Map<string, PasskeyRecord>()
  const enrolments: EntryRow[] = []
  let wanted = [...new Set(credentialIds)]
  while (wanted.length > 0) {
    const rows = await listPasskeysById(db, wanted)
    const endorsements = await listSignedActs(
      db,
      rows.flatMap(({ endorsed_by }) => endorsed_by ?? []),
    )
    for (const row of rows) {
      const record = toPasskeyRecord(row, endorsements.find(({ signed_act_id }) => signed_act_id === row.endorsed_by) ?? null)
      const entry = record && (await findEnrolmentEntry(db, row.operator_id, recordSha256(record)))
      if (!entry)
        throw noReceipt('The audit log holds no hash of a passkey that signed it: it was enrolled in an earlier version, or its row was changed.')
      passkeys.set(row.credential_id, record)
      enrolments.push(entry)
    }
    wanted = [...new Set(endorsements.map(({ credential_id }) => credential_id))].filter((id) => !passkeys.has(id))
  }
  return { passkeys: [...passkeys.values()].toSorted((one, other) => (one.credential_id < other.credential_id ? -1 : 1)), enrolments }
}

/** The text of the description under which it was proposed; null: nobody had described it. */
async function readDescriptor(db: Queryable, revision: RevisionRow): Promise<string | null> {
  if (revision.descriptor_sha256 === null) return null
  const text = await findDescriptorText(db, revision.descriptor_sha256)
  if (text === null) throw noReceipt('It was proposed in an earlier version, which did not keep the words of its description.')
  return text
}

function tooLarge(): ProblemError {
  return noReceipt('So much was recorded about it that its receipt would be larger than a verifier reads (8 MiB).')
}

function noReceipt(detail: string): ProblemError {
  return new ProblemError('no_receipt', detail)
}
