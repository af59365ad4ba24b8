import type { Queryable } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, gt, inArray, lte, ne, sql } from 'drizzle-orm'
import { auditEventTable } from '../../db/audit-tables.ts'
import { executionObservationTable, executionTable, externalActionTable } from '../../db/ledger-tables.ts'
import { passkeyTable, signedActTable } from '../../db/passkey-tables.ts'
import { runTable } from '../../db/run-tables.ts'
import { isVisible } from '../../ledger/action-rows.ts'
import type { ActionRow, ObservationRow } from '../../ledger/action-rows.ts'
import type { PasskeyRow } from '../../shared/passkey-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import type { SignedActRow } from '../../shared/to-signature-facts.ts'

/** An action this operator may see; null: there is none, for them. */
export async function findVisibleAction(db: Queryable, principal: OperatorPrincipal, actionId: string): Promise<ActionRow | null> {
  const [row] = await db
    .select({ action: externalActionTable })
    .from(externalActionTable)
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .where(and(eq(externalActionTable.action_id, actionId), isVisible(principal)))
    .limit(1)
  return row?.action ?? null
}

export type EntryRow = Pick<typeof auditEventTable.$inferSelect, 'seq' | 'prev' | 'hash' | 'event'>
const entryColumns = { seq: auditEventTable.seq, prev: auditEventTable.prev, hash: auditEventTable.hash, event: auditEventTable.event }

const isAbout = (actionId: string) => and(eq(auditEventTable.approval_ref_id, actionId), eq(auditEventTable.approval_ref_kind, 'external_action'))!

type Extent = {
  /** `seq` of the last event about it that is no refusal: a receipt goes up to there. */
  last: number
  /** UTF-8 bytes of the events up to there, and of what was read back: a receipt has at least as many. */
  bytes: number
}

/** How much there is to say about an action, without reading it; null: nothing but refusals. */
export async function findExtent(db: Queryable, actionId: string): Promise<Extent | null> {
  const [last] = await db
    .select({ seq: auditEventTable.seq })
    .from(auditEventTable)
    .where(and(isAbout(actionId), ne(auditEventTable.result_status, 'refused')))
    .orderBy(desc(auditEventTable.seq))
    .limit(1)
  if (last === undefined) return null
  const [told] = await db
    .select({ bytes: sql`coalesce(sum(octet_length(${auditEventTable.event})), 0)::float8`.mapWith(Number) })
    .from(auditEventTable)
    .where(and(isAbout(actionId), lte(auditEventTable.seq, last.seq)))
  const [seen] = await db
    .select({ bytes: sql`coalesce(sum(octet_length(${executionObservationTable.observed})), 0)::float8`.mapWith(Number) })
    .from(executionObservationTable)
    .innerJoin(executionTable, eq(executionTable.execution_id, executionObservationTable.execution_id))
    .where(eq(executionTable.action_id, actionId))
  return { last: last.seq, bytes: told!.bytes + seen!.bytes }
}

/** The events about an action after the place `after` and up to `upTo`, in the order of the log. */
export async function listEntriesOf(db: Queryable, actionId: string, page: { after: number; upTo: number; limit: number }): Promise<EntryRow[]> {
  return db
    .select(entryColumns)
    .from(auditEventTable)
    .where(and(isAbout(actionId), gt(auditEventTable.seq, page.after), lte(auditEventTable.seq, page.upTo)))
    .orderBy(asc(auditEventTable.seq))
    .limit(page.limit)
}

/** The event of an enrolment by this person that has the hash of its record; null: there is none in the log. */
export async function findEnrolmentEntry(db: Queryable, operatorId: string, recordHash: string): Promise<EntryRow | null> {
  const [row] = await db
    .select(entryColumns)
    .from(auditEventTable)
    .where(
      and(
        eq(auditEventTable.event_type, 'passkey.added'),
        eq(auditEventTable.auth_principal_id, operatorId),
        sql`control_plane.audit_member(${auditEventTable.event}, 'record_sha256') = ${recordHash}`,
      ),
    )
    .orderBy(asc(auditEventTable.seq))
    .limit(1)
  return row ?? null
}

export async function listSignedActs(db: Queryable, ids: readonly string[]): Promise<SignedActRow[]> {
  if (ids.length === 0) return []
  return db
    .select()
    .from(signedActTable)
    .where(inArray(signedActTable.signed_act_id, [...ids]))
    .limit(ids.length)
}

export async function listPasskeysById(db: Queryable, ids: readonly string[]): Promise<PasskeyRow[]> {
  if (ids.length === 0) return []
  return db
    .select()
    .from(passkeyTable)
    .where(inArray(passkeyTable.credential_id, [...ids]))
    .limit(ids.length)
}

/** The first look first. */
export async function listObservations(db: Queryable, executionId: string): Promise<ObservationRow[]> {
  return db
    .select()
    .from(executionObservationTable)
    .where(eq(executionObservationTable.execution_id, executionId))
    .orderBy(asc(executionObservationTable.observation_no))
    .limit(100)
}
