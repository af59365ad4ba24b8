import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, getTableColumns, inArray, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { randomUUID } from 'node:crypto'
import { executorTable, operatorTable } from '../../db/people-tables.ts'
import { requestDecisionTable, requestTable } from '../../db/request-tables.ts'
import type { RequestRow } from '../../db/request-tables.ts'
import { runTable } from '../../db/run-tables.ts'
import { canSee } from '../../shared/can-see.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'

export type RequestKind = RequestRow['kind']
export type RequestDecisionRow = typeof requestDecisionTable.$inferSelect
export type SummarisedRequest = Awaited<ReturnType<typeof listRequests>>[number]

const { body: _, ...withoutBody } = getTableColumns(requestTable)

/** Everything that lists show; the body stays where it is. */
function selectRequests(db: Queryable) {
  return db
    .select({
      request: withoutBody,
      executor_name: executorTable.name,
      run_name: runTable.name,
      started_by: runTable.started_by,
      owner_operator_id: runTable.owner_operator_id,
      decision: requestDecisionTable,
      person_name: operatorTable.name,
    })
    .from(requestTable)
    .innerJoin(executorTable, eq(executorTable.executor_id, requestTable.executor_id))
    .leftJoin(runTable, eq(runTable.run_id, requestTable.known_run_id))
    .leftJoin(requestDecisionTable, eq(requestDecisionTable.request_id, requestTable.request_id))
    .leftJoin(operatorTable, eq(operatorTable.operator_id, requestDecisionTable.operator_id))
}

/** Through whom an operator may see a request; for queries that join its run. */
export function isRequestVisible(principal: Pick<OperatorPrincipal, 'operatorId' | 'role'>): SQL {
  return canSee(principal, { executorId: requestTable.executor_id, ownerOperatorId: runTable.owner_operator_id })
}

export async function listRequests(db: Queryable, requestIds: readonly string[]) {
  if (requestIds.length === 0) return []
  return selectRequests(db)
    .where(inArray(requestTable.request_id, [...requestIds]))
    .limit(requestIds.length)
}

/** One request as this operator may see it; null: there is none, for them. */
export async function findVisibleRequest(
  db: Queryable,
  principal: OperatorPrincipal,
  requestId: string,
): Promise<(SummarisedRequest & { body: Buffer }) | null> {
  const [row] = await selectRequests(db)
    .where(and(eq(requestTable.request_id, requestId), isRequestVisible(principal)))
    .limit(1)
  return row === undefined ? null : { ...row, body: await getBody(db, requestId) }
}

/** One request of this executor; null: it has none of that id. */
export async function findOwnRequest(db: Queryable, executorId: string, requestId: string): Promise<(SummarisedRequest & { body: Buffer }) | null> {
  const [row] = await selectRequests(db)
    .where(and(eq(requestTable.request_id, requestId), eq(requestTable.executor_id, executorId)))
    .limit(1)
  return row === undefined ? null : { ...row, body: await getBody(db, requestId) }
}

async function getBody(db: Queryable, requestId: string): Promise<Buffer> {
  const [row] = await db.select({ body: requestTable.body }).from(requestTable).where(eq(requestTable.request_id, requestId)).limit(1)
  if (!row) throw new Error(`the request ${requestId} is gone`)
  return row.body
}

/** What this executor asked and can still be decided, newest first. */
export async function listOwnPending(db: Queryable, executorId: string, kind: RequestKind, now: SQL, limit: number): Promise<RequestRow[]> {
  return db
    .select()
    .from(requestTable)
    .where(and(isOwnPending(executorId, kind), sql`${requestTable.decide_by} > ${now}`))
    .orderBy(desc(requestTable.requested_at), desc(requestTable.request_id))
    .limit(limit)
}

export async function countOwnPending(db: Queryable, executorId: string, kind: RequestKind): Promise<number> {
  const [row] = await db
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(requestTable)
    .where(isOwnPending(executorId, kind))
  return row?.count ?? 0
}

function isOwnPending(executorId: string, kind: RequestKind): SQL | undefined {
  return and(eq(requestTable.executor_id, executorId), eq(requestTable.kind, kind), eq(requestTable.state, 'PENDING'))
}

/** The newest approval request of this executor with exactly this body that still counts: pending in time, or decided since `since`. */
export async function findRepeatedRequest(
  tx: Transaction,
  executorId: string,
  bodySha256: Buffer,
  moments: { now: Date; since: Date },
): Promise<Pick<RequestRow, 'request_id'> | null> {
  const [row] = await tx
    .select({ request_id: requestTable.request_id })
    .from(requestTable)
    .where(
      and(
        eq(requestTable.executor_id, executorId),
        eq(requestTable.kind, 'approval_request'),
        eq(requestTable.body_sha256, bodySha256),
        sql`CASE ${requestTable.state} WHEN 'PENDING' THEN ${requestTable.decide_by} > ${moments.now.toISOString()}::timestamptz
          WHEN 'EXPIRED' THEN false ELSE ${requestTable.state_since} > ${moments.since.toISOString()}::timestamptz END`,
      ),
    )
    .orderBy(desc(requestTable.requested_at), desc(requestTable.request_id))
    .limit(1)
  return row ?? null
}

export async function findRequestByKey(
  tx: Transaction,
  executorId: string,
  idempotencyKey: string,
): Promise<Pick<RequestRow, 'request_id' | 'body_sha256'> | null> {
  const [row] = await tx
    .select({ request_id: requestTable.request_id, body_sha256: requestTable.body_sha256 })
    .from(requestTable)
    .where(and(eq(requestTable.executor_id, executorId), eq(requestTable.idempotency_key, idempotencyKey)))
    .limit(1)
  return row ?? null
}

/** The run of this id, where it is this executor's own. */
export async function findOwnRunId(tx: Transaction, executorId: string, runId: string): Promise<string | null> {
  const [row] = await tx
    .select({ run_id: runTable.run_id })
    .from(runTable)
    .where(and(eq(runTable.run_id, runId), eq(runTable.executor_id, executorId)))
    .limit(1)
  return row?.run_id ?? null
}

/** A number that no approval request had before. */
export async function takeApprovalNumber(tx: Transaction): Promise<number> {
  const found = await tx.execute(sql`SELECT nextval('control_plane.approval_number')::float8 AS number`)
  return Number((found.rows[0] as { number: number }).number)
}

/** The request locked until the transaction ends; the caller has seen that it may be seen. */
export async function lockRequest(tx: Transaction, requestId: string): Promise<RequestRow> {
  const [row] = await tx.select().from(requestTable).where(eq(requestTable.request_id, requestId)).limit(1).for('update')
  if (!row) throw new Error(`the request ${requestId} is gone`)
  return row
}

/** Any request, unless somebody else is at it; for the sweep. */
export async function lockIdleRequest(tx: Transaction, requestId: string): Promise<RequestRow | null> {
  const [row] = await tx.select().from(requestTable).where(eq(requestTable.request_id, requestId)).limit(1).for('update', { skipLocked: true })
  return row ?? null
}

/** Who the executor says asked for the run, and whose the run is. */
export async function findRunFacts(db: Queryable, runId: string | null): Promise<{ started_by: string | null; owner_operator_id: string | null }> {
  const nobody = { started_by: null, owner_operator_id: null }
  if (runId === null) return nobody
  const columns = { started_by: runTable.started_by, owner_operator_id: runTable.owner_operator_id }
  const [row] = await db.select(columns).from(runTable).where(eq(runTable.run_id, runId)).limit(1)
  return row ?? nobody
}

/** The decision with the name of the person; null: there is none. */
export async function findRequestDecision(db: Queryable, requestId: string): Promise<(RequestDecisionRow & { name: string | null }) | null> {
  const [row] = await db
    .select({ decision: requestDecisionTable, name: operatorTable.name })
    .from(requestDecisionTable)
    .leftJoin(operatorTable, eq(operatorTable.operator_id, requestDecisionTable.operator_id))
    .where(eq(requestDecisionTable.request_id, requestId))
    .limit(1)
  return row === undefined ? null : { ...row.decision, name: row.name }
}

/** Ids of requests whose time to be decided is over; a bounded batch. */
export async function listOverdueRequests(db: Queryable, now: SQL, limit: number): Promise<string[]> {
  const rows = await db
    .select({ request_id: requestTable.request_id })
    .from(requestTable)
    .where(and(eq(requestTable.state, 'PENDING'), sql`${requestTable.decide_by} <= ${now}`))
    .orderBy(asc(requestTable.decide_by))
    .limit(limit)
  return rows.map(({ request_id }) => request_id)
}

/** Null: another request has this id. */
export async function insertRequest(tx: Transaction, row: typeof requestTable.$inferInsert): Promise<RequestRow | null> {
  const [inserted] = await tx.insert(requestTable).values(row).onConflictDoNothing({ target: requestTable.request_id }).returning()
  return inserted ?? null
}

export async function insertRequestDecision(tx: Transaction, row: Omit<typeof requestDecisionTable.$inferInsert, 'decision_id'>): Promise<void> {
  await tx.insert(requestDecisionTable).values({ ...row, decision_id: `dec_${randomUUID()}` })
}

/** Moves a request on; the database refuses an illegal move. Returns the row as it is then. */
export async function changeRequest(tx: Transaction, request: RequestRow, state: RequestRow['state'], at: Date): Promise<RequestRow> {
  const [changed] = await tx
    .update(requestTable)
    .set({ state, state_since: at, version: request.version + 1 })
    .where(eq(requestTable.request_id, request.request_id))
    .returning()
  return changed!
}
