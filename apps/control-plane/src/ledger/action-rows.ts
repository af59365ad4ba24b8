import { randomUUID } from 'node:crypto'
import type { Queryable, Transaction } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import {
  actionAuthorizationTable,
  actionRevisionTable,
  approvalSlotTable,
  decisionTable,
  descriptorTextTable,
  executionObservationTable,
  executionOutcomeTable,
  executionResolutionTable,
  executionTable,
  externalActionTable,
} from '../db/ledger-tables.ts'
import { executorTable, operatorTable } from '../db/people-tables.ts'
import { runTable } from '../db/run-tables.ts'
import { canSee } from '../shared/can-see.ts'
import type { OperatorPrincipal } from '../shared/principal.ts'

export type ActionRow = typeof externalActionTable.$inferSelect
export type RevisionRow = typeof actionRevisionTable.$inferSelect
export type DecisionRow = typeof decisionTable.$inferSelect & { name: string }
export type SlotRow = Awaited<ReturnType<typeof listSlots>>[number]
export type ExecutionRow = typeof executionTable.$inferSelect
export type OutcomeRow = typeof executionOutcomeTable.$inferSelect
export type ObservationRow = typeof executionObservationTable.$inferSelect
export type ResolutionRow = typeof executionResolutionTable.$inferSelect & { name: string }
export type AuthorizationRow = typeof actionAuthorizationTable.$inferSelect

// ---------------------------------------------------------------- locks

/** An action of this executor, locked until the transaction ends; null: there is none. */
export async function lockOwnAction(tx: Transaction, executorId: string, actionId: string): Promise<ActionRow | null> {
  const own = and(eq(externalActionTable.action_id, actionId), eq(externalActionTable.executor_id, executorId))
  const [row] = await tx.select().from(externalActionTable).where(own).limit(1).for('update')
  return row ?? null
}

/** An action this operator may see, locked until the transaction ends; null: there is none, for them. */
export async function lockVisibleAction(tx: Transaction, principal: OperatorPrincipal, actionId: string): Promise<ActionRow | null> {
  const one = eq(externalActionTable.action_id, actionId)
  const [seen] = await tx
    .select({ action_id: externalActionTable.action_id })
    .from(externalActionTable)
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .where(and(one, isVisible(principal)))
    .limit(1)
  if (!seen) return null
  const [row] = await tx.select().from(externalActionTable).where(one).limit(1).for('update')
  return row ?? null
}

/** Any action, unless somebody else is at it; for the sweep. */
export async function lockIdleAction(tx: Transaction, actionId: string): Promise<ActionRow | null> {
  const [row] = await tx
    .select()
    .from(externalActionTable)
    .where(eq(externalActionTable.action_id, actionId))
    .limit(1)
    .for('update', { skipLocked: true })
  return row ?? null
}

export function isVisible(principal: Pick<OperatorPrincipal, 'operatorId' | 'role'>): SQL {
  return canSee(principal, { executorId: externalActionTable.executor_id, ownerOperatorId: runTable.owner_operator_id })
}

/** One proposal of an executor after the other, so that counting what is pending and finding a repetition are exact. */
export async function lockExecutor(tx: Transaction, executorId: string): Promise<void> {
  await tx
    .select({ one: sql`1` })
    .from(executorTable)
    .where(eq(executorTable.executor_id, executorId))
    .for('no key update')
}

/** The person as our own table has them at this moment; they cannot be changed until the transaction ends. */
export async function lockOperator(tx: Transaction, operatorId: string): Promise<typeof operatorTable.$inferSelect | null> {
  const [row] = await tx.select().from(operatorTable).where(eq(operatorTable.operator_id, operatorId)).limit(1).for('share')
  return row ?? null
}

// ---------------------------------------------------------------- reads

export async function getRevision(db: Queryable, action: Pick<ActionRow, 'action_id' | 'revision'>): Promise<RevisionRow> {
  const revision = await findRevision(db, action.action_id, action.revision)
  if (!revision) throw new Error(`action ${action.action_id} has no revision ${action.revision}`)
  return revision
}

export async function findRevision(db: Queryable, actionId: string, revision: number): Promise<RevisionRow | null> {
  const [row] = await db
    .select()
    .from(actionRevisionTable)
    .where(and(eq(actionRevisionTable.action_id, actionId), eq(actionRevisionTable.revision, revision)))
    .limit(1)
  return row ?? null
}

/** All decisions about an action, oldest first, with the names of the people. */
export async function listDecisions(db: Queryable, actionId: string): Promise<DecisionRow[]> {
  const rows = await db
    .select({ decision: decisionTable, name: operatorTable.name })
    .from(decisionTable)
    .innerJoin(operatorTable, eq(operatorTable.operator_id, decisionTable.operator_id))
    .where(eq(decisionTable.action_id, actionId))
    .orderBy(asc(decisionTable.decided_at), asc(decisionTable.decision_id))
    .limit(200)
  return rows.map(({ decision, name }) => ({ ...decision, name }))
}

export async function listSlots(db: Queryable, actionId: string, revision: number) {
  return db
    .select({
      group_no: approvalSlotTable.group_no,
      slot: approvalSlotTable.slot,
      role: approvalSlotTable.role,
      decision_id: approvalSlotTable.decision_id,
    })
    .from(approvalSlotTable)
    .where(and(eq(approvalSlotTable.action_id, actionId), eq(approvalSlotTable.revision, revision)))
    .orderBy(asc(approvalSlotTable.group_no), asc(approvalSlotTable.slot))
    .limit(100)
}

/** The most approvals that any revision of this action takes; 0: policy authorizes all of them. */
export async function countLargestQuorum(db: Queryable, actionId: string): Promise<number> {
  const [row] = await db
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(approvalSlotTable)
    .where(eq(approvalSlotTable.action_id, actionId))
    .groupBy(approvalSlotTable.revision)
    .orderBy(desc(sql`count(*)`))
    .limit(1)
  return row?.count ?? 0
}

export async function findAuthorization(db: Queryable, actionId: string, revision: number): Promise<AuthorizationRow | null> {
  const [row] = await db
    .select()
    .from(actionAuthorizationTable)
    .where(and(eq(actionAuthorizationTable.action_id, actionId), eq(actionAuthorizationTable.revision, revision)))
    .limit(1)
  return row ?? null
}

export async function findExecution(
  db: Queryable,
  actionId: string,
  revision: number,
): Promise<Pick<FoundExecution, 'execution' | 'outcome'> | null> {
  const [row] = await db
    .select({ execution: executionTable, outcome: executionOutcomeTable })
    .from(executionTable)
    .leftJoin(executionOutcomeTable, eq(executionOutcomeTable.execution_id, executionTable.execution_id))
    .where(and(eq(executionTable.action_id, actionId), eq(executionTable.revision, revision)))
    .limit(1)
  return row ?? null
}

/** An execution with everything that is known of it. */
export type FoundExecution = {
  execution: ExecutionRow
  outcome: OutcomeRow | null
  observation: ObservationRow | null
  resolution: ResolutionRow | null
}

export async function findWholeExecution(db: Queryable, actionId: string, revision: number): Promise<FoundExecution | null> {
  const found = await findExecution(db, actionId, revision)
  if (found === null) return null
  const { execution_id } = found.execution
  return { ...found, observation: await findObservation(db, execution_id), resolution: await findResolution(db, execution_id) }
}

/** What was read back last of an execution; null: nobody has looked. */
async function findObservation(db: Queryable, executionId: string): Promise<ObservationRow | null> {
  const [row] = await db
    .select()
    .from(executionObservationTable)
    .where(eq(executionObservationTable.execution_id, executionId))
    .orderBy(desc(executionObservationTable.observation_no))
    .limit(1)
  return row ?? null
}

/** Bytes that the texts read back of an execution take as JSON texts. */
export async function sumObservedBytes(db: Queryable, executionId: string): Promise<number> {
  const [row] = await db
    .select({ bytes: sql`coalesce(sum(octet_length(to_json(${executionObservationTable.observed})::text)), 0)::float8`.mapWith(Number) })
    .from(executionObservationTable)
    .where(eq(executionObservationTable.execution_id, executionId))
  return row!.bytes
}

/** What a person found who looked an unknown outcome up; null: nobody did. */
async function findResolution(db: Queryable, executionId: string): Promise<ResolutionRow | null> {
  const [row] = await db
    .select({ resolution: executionResolutionTable, name: operatorTable.name })
    .from(executionResolutionTable)
    .innerJoin(operatorTable, eq(operatorTable.operator_id, executionResolutionTable.operator_id))
    .where(eq(executionResolutionTable.execution_id, executionId))
    .limit(1)
  return row === undefined ? null : { ...row.resolution, name: row.name }
}

/** The canonical text of a description that was in force once; null: of an earlier version, which kept none. */
export async function findDescriptorText(db: Queryable, descriptorSha256: Buffer): Promise<string | null> {
  const [row] = await db
    .select({ descriptor: descriptorTextTable.descriptor })
    .from(descriptorTextTable)
    .where(eq(descriptorTextTable.sha256, descriptorSha256))
    .limit(1)
  return row?.descriptor ?? null
}

/** The revisions of an action, newest first, without their bytes. */
export async function listRevisions(db: Queryable, actionId: string) {
  return db
    .select({
      revision: actionRevisionTable.revision,
      created_at: actionRevisionTable.created_at,
      payload_sha256: actionRevisionTable.payload_sha256,
      sentence: actionRevisionTable.sentence,
    })
    .from(actionRevisionTable)
    .where(eq(actionRevisionTable.action_id, actionId))
    .orderBy(desc(actionRevisionTable.revision))
    .limit(50)
}

/** The execution that this executor claimed with this Idempotency-Key; null: none. */
export async function findExecutionByKey(db: Queryable, executorId: string, idempotencyKey: string): Promise<ExecutionRow | null> {
  const [row] = await db
    .select()
    .from(executionTable)
    .where(and(eq(executionTable.executor_id, executorId), eq(executionTable.idempotency_key, idempotencyKey)))
    .limit(1)
  return row ?? null
}

export async function findActionByKey(db: Queryable, executorId: string, idempotencyKey: string): Promise<ActionRow | null> {
  const [row] = await db
    .select()
    .from(externalActionTable)
    .where(and(eq(externalActionTable.executor_id, executorId), eq(externalActionTable.idempotency_key, idempotencyKey)))
    .limit(1)
  return row ?? null
}

export async function findOwnAction(db: Queryable, executorId: string, actionId: string): Promise<ActionRow | null> {
  const [row] = await db
    .select()
    .from(externalActionTable)
    .where(and(eq(externalActionTable.action_id, actionId), eq(externalActionTable.executor_id, executorId)))
    .limit(1)
  return row ?? null
}

export async function countPending(db: Queryable, executorId: string): Promise<number> {
  const [row] = await db
    .select({ count: sql`count(*)`.mapWith(Number) })
    .from(externalActionTable)
    .where(and(eq(externalActionTable.executor_id, executorId), eq(externalActionTable.state, 'PENDING')))
  return row?.count ?? 0
}

export async function getExecutorName(db: Queryable, executorId: string): Promise<string> {
  const [row] = await db.select({ name: executorTable.name }).from(executorTable).where(eq(executorTable.executor_id, executorId)).limit(1)
  return row!.name
}

/** Who asked for the run, as the executor says it; null: nobody is named. */
export async function findStartedBy(db: Queryable, runId: string | null): Promise<string | null> {
  if (runId === null) return null
  const [row] = await db.select({ started_by: runTable.started_by }).from(runTable).where(eq(runTable.run_id, runId)).limit(1)
  return row?.started_by ?? null
}

/** As the database itself demands it of a claim. */
export async function isSignedAsNeeded(db: Queryable, action: Pick<ActionRow, 'action_id' | 'revision'>): Promise<boolean> {
  const found = await db.execute(sql`SELECT control_plane.is_signed_as_needed(${action.action_id}, ${action.revision}) AS signed`)
  return (found.rows[0] as { signed: boolean }).signed
}

/** Role and standing of these people now, in no order; whoever is not known is not among them. */
export async function listStandings(db: Queryable, operatorIds: readonly string[]) {
  return db
    .select({ operator_id: operatorTable.operator_id, role: operatorTable.role, enabled: operatorTable.enabled })
    .from(operatorTable)
    .where(inArray(operatorTable.operator_id, [...operatorIds]))
    .limit(operatorIds.length)
}

/** Ids of actions whose time is over: leases, decisions, executions; a bounded batch. */
export async function listOverdue(db: Queryable, now: SQL, limit: number): Promise<string[]> {
  const rows = await db
    .select({ action_id: externalActionTable.action_id })
    .from(externalActionTable)
    .innerJoin(
      actionRevisionTable,
      and(eq(actionRevisionTable.action_id, externalActionTable.action_id), eq(actionRevisionTable.revision, externalActionTable.revision)),
    )
    .leftJoin(
      actionAuthorizationTable,
      and(eq(actionAuthorizationTable.action_id, externalActionTable.action_id), eq(actionAuthorizationTable.revision, externalActionTable.revision)),
    )
    .where(
      and(
        // As the partial index says it, or it is not used.
        inArray(externalActionTable.state, ['PENDING', 'APPROVED', 'EXECUTING']),
        or(
          and(eq(externalActionTable.state, 'EXECUTING'), sql`${externalActionTable.lease_until} <= ${now}`),
          and(eq(externalActionTable.state, 'PENDING'), sql`${actionRevisionTable.decide_by} <= ${now}`),
          and(eq(externalActionTable.state, 'APPROVED'), sql`${actionAuthorizationTable.execute_by} <= ${now}`),
        ),
      ),
    )
    .limit(limit)
  return rows.map((row) => row.action_id)
}

// ---------------------------------------------------------------- writes

export async function insertAction(tx: Transaction, row: Omit<typeof externalActionTable.$inferInsert, 'state' | 'revision' | 'version' | 'fence'>) {
  const [inserted] = await tx
    .insert(externalActionTable)
    .values({ ...row, state: 'PENDING', revision: 1, version: 1, fence: 0 })
    .returning()
  return inserted!
}

/** `descriptor`: the canonical text that `descriptor_sha256` is of, kept for receipts; null exactly if that is. */
export async function insertRevision(
  tx: Transaction,
  row: typeof actionRevisionTable.$inferInsert,
  slots: readonly ('approver' | 'admin')[][],
  descriptor: string | null,
) {
  if (row.descriptor_sha256 && descriptor !== null)
    await tx.insert(descriptorTextTable).values({ sha256: row.descriptor_sha256, descriptor }).onConflictDoNothing()
  const [inserted] = await tx.insert(actionRevisionTable).values(row).returning()
  const open = slots.flatMap((roles, group_no) =>
    roles.map((role, slot) => ({ action_id: row.action_id, revision: row.revision, group_no, slot, role })),
  )
  if (open.length > 0) await tx.insert(approvalSlotTable).values(open)
  return inserted!
}

/** Moves an action on; the database refuses an illegal move. Returns the row as it is then. */
export async function changeAction(
  tx: Transaction,
  action: ActionRow,
  change: { state: ActionRow['state']; at: Date; revision?: number; fence?: number; lease_until?: Date; not_before?: Date | null },
): Promise<ActionRow> {
  const { at, ...values } = change
  const [changed] = await tx
    .update(externalActionTable)
    .set({ ...values, state_since: change.state === action.state ? action.state_since : at, version: action.version + 1 })
    .where(eq(externalActionTable.action_id, action.action_id))
    .returning()
  return changed!
}

/** A longer lease is not news: the version stays. */
export async function extendLease(tx: Transaction, actionId: string, leaseUntil: Date): Promise<void> {
  await tx.update(externalActionTable).set({ lease_until: leaseUntil }).where(eq(externalActionTable.action_id, actionId))
}

/** Returns what is written now: the audit log gets the hash of that, and of nothing else. So do the others below. */
export async function insertDecision(
  tx: Transaction,
  row: Omit<typeof decisionTable.$inferInsert, 'decision_id'>,
): Promise<typeof decisionTable.$inferSelect> {
  const [inserted] = await tx
    .insert(decisionTable)
    .values({ ...row, decision_id: `dec_${randomUUID()}` })
    .returning()
  return inserted!
}

export async function fillSlot(tx: Transaction, action: Pick<ActionRow, 'action_id' | 'revision'>, slot: SlotRow, decisionId: string): Promise<void> {
  await tx
    .update(approvalSlotTable)
    .set({ decision_id: decisionId })
    .where(
      and(
        eq(approvalSlotTable.action_id, action.action_id),
        eq(approvalSlotTable.revision, action.revision),
        eq(approvalSlotTable.group_no, slot.group_no),
        eq(approvalSlotTable.slot, slot.slot),
        isNull(approvalSlotTable.decision_id),
      ),
    )
}

export async function insertAuthorization(tx: Transaction, row: AuthorizationRow): Promise<void> {
  await tx.insert(actionAuthorizationTable).values(row)
}

export async function insertExecution(tx: Transaction, row: ExecutionRow): Promise<ExecutionRow> {
  const [inserted] = await tx.insert(executionTable).values(row).returning()
  return inserted!
}

export async function insertOutcome(tx: Transaction, row: OutcomeRow): Promise<OutcomeRow> {
  const [inserted] = await tx.insert(executionOutcomeTable).values(row).returning()
  return inserted!
}

export async function insertResolution(
  tx: Transaction,
  row: typeof executionResolutionTable.$inferInsert,
): Promise<typeof executionResolutionTable.$inferSelect> {
  const [inserted] = await tx.insert(executionResolutionTable).values(row).returning()
  return inserted!
}

export async function insertObservation(tx: Transaction, row: ObservationRow): Promise<ObservationRow> {
  const [inserted] = await tx.insert(executionObservationTable).values(row).returning()
  return inserted!
}
