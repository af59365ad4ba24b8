import type { Queryable } from '@autopack/server-kit/open-database'
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import { auditEventTable } from '../../db/audit-tables.ts'
import { executionObservationTable, externalActionTable } from '../../db/ledger-tables.ts'
import { passkeyTable, signedActTable } from '../../db/passkey-tables.ts'
import { runTable } from '../../db/run-tables.ts'
import { isVisible } from '../../ledger/action-rows.ts'
import type { ActionRow, ObservationRow } from '../../ledger/action-rows.ts'
import type { SignedActRow } from '../../ledger/to-evidence-records.ts'
import type { PasskeyRow } from '../../shared/passkey-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

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

/** The events about an action after the place `after`, in the order of the log. */
export async function listEntriesOf(db: Queryable, actionId: string, page: { after: number; limit: number }): Promise<EntryRow[]> {
  return db
    .select(entryColumns)
    .from(auditEventTable)
    .where(and(eq(auditEventTable.approval_ref_id, actionId), gt(auditEventTable.seq, page.after)))
    .orderBy(asc(auditEventTable.seq))
    .limit(page.limit)
}

/** The event of its enrolment; null: it is not in the log. */
export async function findEnrolmentEntry(db: Queryable, passkey: Pick<PasskeyRow, 'credential_id' | 'operator_id'>): Promise<EntryRow | null> {
  const [row] = await db
    .select(entryColumns)
    .from(auditEventTable)
    .where(
      and(
        eq(auditEventTable.event_type, 'passkey.added'),
        eq(auditEventTable.auth_principal_id, passkey.operator_id),
        sql`control_plane.audit_member(${auditEventTable.event}, 'external_object_id') = ${passkey.credential_id}`,
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

/** In the order of their ids. */
export async function listPasskeysById(db: Queryable, ids: readonly string[]): Promise<PasskeyRow[]> {
  if (ids.length === 0) return []
  const rows = await db
    .select()
    .from(passkeyTable)
    .where(inArray(passkeyTable.credential_id, [...ids]))
    .limit(ids.length)
  return rows.toSorted((one, other) => (one.credential_id < other.credential_id ? -1 : 1))
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
