import type { Queryable } from '@autopack/server-kit/open-database'
import { and, desc, eq, ne, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { actionAuthorizationTable, actionRevisionTable, decisionTable, externalActionTable } from '../db/ledger-tables.ts'
import { operatorTable } from '../db/people-tables.ts'
import { runTable } from '../db/run-tables.ts'

/** What makes two actions alike: the same kind on the same target, as policy writes it, and both live or both a dry run. */
export type Likeness = Pick<typeof actionRevisionTable.$inferSelect, 'action_id' | 'provider' | 'operation' | 'target_text' | 'mode'>

/** Nobody revoked or vetoed what was decided about this revision. */
export const stillStands = sql`NOT EXISTS (SELECT FROM ${decisionTable} AS back WHERE back.action_id = ${actionRevisionTable.action_id}
  AND back.revision = ${actionRevisionTable.revision} AND back.kind IN ('revoke', 'veto'))`

/**
 * Revisions of other actions that are like this one and that `among` lets somebody see. Approvals count once all who had to approve did: what is
 * still open, or again since an edit, is no precedent, and its reasons may be sealed. Those that somebody took back are none either.
 */
function isPrecedent(like: Likeness, among: SQL): SQL {
  return and(
    among,
    ne(externalActionTable.action_id, like.action_id),
    ne(externalActionTable.state, 'PENDING'),
    eq(actionRevisionTable.provider, like.provider),
    eq(actionRevisionTable.operation, like.operation),
    eq(actionRevisionTable.target_text, like.target_text),
    eq(actionRevisionTable.mode, like.mode),
    stillStands,
    or(eq(decisionTable.kind, 'reject'), and(eq(decisionTable.kind, 'approve'), eq(actionAuthorizationTable.kind, 'people'))),
  )!
}

const ofRevision = and(eq(actionRevisionTable.action_id, decisionTable.action_id), eq(actionRevisionTable.revision, decisionTable.revision))
const authorized = and(eq(actionAuthorizationTable.action_id, decisionTable.action_id), eq(actionAuthorizationTable.revision, decisionTable.revision))

/** The decisions themselves, newest first. */
export async function listPrecedentDecisions(db: Queryable, like: Likeness, among: SQL, limit: number) {
  return db
    .select({
      action_id: decisionTable.action_id,
      revision: decisionTable.revision,
      kind: decisionTable.kind,
      reject_kind: decisionTable.reject_kind,
      reason: decisionTable.reason,
      operator_id: decisionTable.operator_id,
      name: operatorTable.name,
      decided_at: decisionTable.decided_at,
      sentence: actionRevisionTable.sentence,
    })
    .from(decisionTable)
    .innerJoin(actionRevisionTable, ofRevision)
    .innerJoin(externalActionTable, eq(externalActionTable.action_id, decisionTable.action_id))
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .innerJoin(operatorTable, eq(operatorTable.operator_id, decisionTable.operator_id))
    .leftJoin(actionAuthorizationTable, authorized)
    .where(isPrecedent(like, among))
    .orderBy(desc(decisionTable.decided_at), desc(decisionTable.decision_id))
    .limit(limit)
}

/** How many revisions were approved and rejected, each counted once however many people decided. */
export async function countPrecedents(db: Queryable, like: Likeness, among: SQL): Promise<{ approved: number; rejected: number }> {
  const revisions = (kind: string) =>
    sql`count(DISTINCT (${decisionTable.action_id}, ${decisionTable.revision})) FILTER (WHERE ${decisionTable.kind} = ${kind})`.mapWith(Number)
  const [row] = await db
    .select({ approved: revisions('approve'), rejected: revisions('reject') })
    .from(decisionTable)
    .innerJoin(actionRevisionTable, ofRevision)
    .innerJoin(externalActionTable, eq(externalActionTable.action_id, decisionTable.action_id))
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .leftJoin(actionAuthorizationTable, authorized)
    .where(isPrecedent(like, among))
  return row ?? { approved: 0, rejected: 0 }
}

/** The revision that people approved last. */
export async function findLastApproved(db: Queryable, like: Likeness, among: SQL) {
  const [row] = await db
    .select({
      action_id: actionRevisionTable.action_id,
      revision: actionRevisionTable.revision,
      payload_sha256: actionRevisionTable.payload_sha256,
      authorized_at: actionAuthorizationTable.authorized_at,
    })
    .from(decisionTable)
    .innerJoin(actionRevisionTable, ofRevision)
    .innerJoin(externalActionTable, eq(externalActionTable.action_id, decisionTable.action_id))
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .innerJoin(actionAuthorizationTable, authorized)
    .where(and(isPrecedent(like, among), eq(decisionTable.kind, 'approve')))
    .orderBy(desc(actionAuthorizationTable.authorized_at), desc(actionRevisionTable.action_id))
    .limit(1)
  if (!row) return null
  const people = await db
    .select({ operator_id: decisionTable.operator_id, name: operatorTable.name })
    .from(decisionTable)
    .innerJoin(operatorTable, eq(operatorTable.operator_id, decisionTable.operator_id))
    .where(and(eq(decisionTable.action_id, row.action_id), eq(decisionTable.revision, row.revision), eq(decisionTable.kind, 'approve')))
    .orderBy(decisionTable.decided_at, decisionTable.decision_id)
    .limit(100)
  return { ...row, people }
}
