import type { ActionState, ExternalAction, ObservationResult } from '@autopack/contract/external-actions'
import { hasRole } from '@autopack/contract/roles'
import type { Queryable } from '@autopack/server-kit/open-database'
import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import {
  actionAuthorizationTable,
  actionRevisionTable,
  decisionTable,
  executionObservationTable,
  executionOutcomeTable,
  executionTable,
  externalActionTable,
} from '../db/ledger-tables.ts'
import { executorTable, operatorTable } from '../db/people-tables.ts'
import { runTable } from '../db/run-tables.ts'
import { boundedCount } from '../shared/bounded-count.ts'
import type { OperatorPrincipal } from '../shared/principal.ts'
import { toSearchPattern } from '../shared/search-pattern.ts'
import { isVisible } from './action-rows.ts'
import { changeRequested } from './change-requested.ts'
import { isOwnRun } from './is-own-run.ts'

const ofRevision = and(
  eq(actionRevisionTable.action_id, externalActionTable.action_id),
  eq(actionRevisionTable.revision, externalActionTable.revision),
)

/** Everything a summary shows, without the payload's bytes. */
function selectSummaries(db: Queryable, actionable: SQL) {
  return db
    .select({
      action: externalActionTable,
      revision: {
        provider: actionRevisionTable.provider,
        operation: actionRevisionTable.operation,
        mode: actionRevisionTable.mode,
        tier: actionRevisionTable.tier,
        target_text: actionRevisionTable.target_text,
        title: actionRevisionTable.title,
        sentence: actionRevisionTable.sentence,
        cost_amount_minor: actionRevisionTable.cost_amount_minor,
        cost_currency: actionRevisionTable.cost_currency,
        risk_score: actionRevisionTable.risk_score,
        risk_level: actionRevisionTable.risk_level,
        blind: actionRevisionTable.blind,
        payload_sha256: actionRevisionTable.payload_sha256,
        decide_by: actionRevisionTable.decide_by,
      },
      executor_name: executorTable.name,
      run_name: runTable.name,
      execute_by: actionAuthorizationTable.execute_by,
      finished_at: executionOutcomeTable.finished_at,
      decided_at: decisionTable.decided_at,
      decided_by: { operator_id: operatorTable.operator_id, name: operatorTable.name },
      decided_as: decisionTable.kind,
      signed: sql<boolean | null>`(
        SELECT bool_and(said.signed_act_id IS NOT NULL) FROM ${decisionTable} AS said
        WHERE said.action_id = ${externalActionTable.action_id} AND said.revision = ${externalActionTable.revision} AND said.kind = 'approve')`,
      change_requested: changeRequested.mapWith(Boolean),
      observed: sql<ObservationResult | null>`(
        SELECT seen.result FROM ${executionObservationTable} AS seen WHERE seen.execution_id = ${executionTable.execution_id}
        ORDER BY seen.observation_no DESC LIMIT 1)`,
      actionable: actionable.mapWith(Boolean),
    })
    .from(externalActionTable)
    .innerJoin(actionRevisionTable, ofRevision)
    .innerJoin(executorTable, eq(executorTable.executor_id, externalActionTable.executor_id))
    .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
    .leftJoin(
      actionAuthorizationTable,
      and(eq(actionAuthorizationTable.action_id, externalActionTable.action_id), eq(actionAuthorizationTable.revision, externalActionTable.revision)),
    )
    .leftJoin(
      executionTable,
      and(eq(executionTable.action_id, externalActionTable.action_id), eq(executionTable.revision, externalActionTable.revision)),
    )
    .leftJoin(executionOutcomeTable, eq(executionOutcomeTable.execution_id, executionTable.execution_id))
    .leftJoin(
      decisionTable,
      sql`${decisionTable.decision_id} = (
        SELECT last.decision_id FROM ${decisionTable} AS last
        WHERE last.action_id = ${externalActionTable.action_id} AND last.revision = ${externalActionTable.revision}
        ORDER BY last.decided_at DESC, last.decision_id DESC LIMIT 1)`,
    )
    .leftJoin(operatorTable, eq(operatorTable.operator_id, decisionTable.operator_id))
}

export type SummaryRow = Awaited<ReturnType<typeof findSummary>> & object

/** One action as this operator may see it; null: there is none, for them. */
export async function findSummary(db: Queryable, principal: OperatorPrincipal, now: SQL, actionId: string) {
  const [row] = await selectSummaries(db, isActionable(principal, now, false))
    .where(and(eq(externalActionTable.action_id, actionId), isVisible(principal)))
    .limit(1)
  return row ?? null
}

export type SummaryFilter = {
  state?: ActionState | undefined
  run_id?: string | undefined
  provider?: string | undefined
  observed?: ObservationResult | undefined
  q?: string | undefined
}
/** When it was requested, and id, of the last row of the page before. */
export type SummaryPlace = { at: Date; id: string }

/** A page of actions this operator may see, newest first, one more than `limit` when there are more, and how many there are in all. */
export async function listSummaries(
  db: Queryable,
  principal: OperatorPrincipal,
  now: SQL,
  page: { filter: SummaryFilter; after: SummaryPlace | null; limit: number },
): Promise<{ rows: SummaryRow[]; total: { count: number; exact: boolean } }> {
  const matches = and(isVisible(principal), ...listConditions(page.filter))
  const { requested_at, action_id } = externalActionTable
  const rows = await selectSummaries(db, isActionable(principal, now, false))
    .where(
      and(
        matches,
        page.after === null ? undefined : sql`(${requested_at}, ${action_id}) < (${page.after.at.toISOString()}::timestamptz, ${page.after.id})`,
      ),
    )
    .orderBy(desc(requested_at), desc(action_id))
    .limit(page.limit + 1)
  const total = await boundedCount(
    db,
    db
      .select({ one: sql`1` })
      .from(externalActionTable)
      .innerJoin(actionRevisionTable, ofRevision)
      .leftJoin(runTable, eq(runTable.run_id, externalActionTable.run_id))
      .where(matches),
  )
  return { rows, total }
}

/** These actions, as far as this operator may see them, in no order. */
export async function listSummariesOf(
  db: Queryable,
  principal: OperatorPrincipal,
  now: SQL,
  asked: { actionIds: readonly string[]; alone: boolean },
): Promise<SummaryRow[]> {
  const { actionIds, alone } = asked
  if (actionIds.length === 0) return []
  return selectSummaries(db, isActionable(principal, now, alone))
    .where(and(inArray(externalActionTable.action_id, [...actionIds]), isVisible(principal)))
    .limit(actionIds.length)
}

export type QueuedActionFilter = {
  scope: 'actionable' | 'open' | 'decided'
  risk?: ExternalAction['risk']['level'] | undefined
  provider?: string | undefined
  q?: string | undefined
}

/** What of the queue are external actions: `kind`, `id`, `at` (deadline, or when it was decided), `actionable`. */
export function selectQueuedActions(principal: OperatorPrincipal, now: SQL, filter: QueuedActionFilter, alone: boolean): SQL {
  const actionable = isActionable(principal, now, alone)
  const scope = {
    actionable,
    open: sql`${externalActionTable.state} = 'PENDING'`,
    decided: sql`${externalActionTable.state} <> 'PENDING'`,
  }[filter.scope]
  const { scope: _, risk, ...rest } = filter
  const conditions = and(
    isVisible(principal),
    scope,
    risk === undefined ? undefined : eq(actionRevisionTable.risk_level, risk),
    ...listConditions(rest),
  )
  const at = filter.scope === 'decided' ? externalActionTable.state_since : actionRevisionTable.decide_by
  return sql`SELECT 'external_action' AS kind, ${externalActionTable.action_id} AS id, ${at} AS at, ${actionable} AS actionable
    FROM ${externalActionTable} JOIN ${actionRevisionTable} ON ${ofRevision}
    LEFT JOIN ${runTable} ON ${runTable.run_id} = ${externalActionTable.run_id} WHERE ${conditions}`
}

function listConditions(filter: SummaryFilter): (SQL | undefined)[] {
  return [
    filter.state === undefined ? undefined : eq(externalActionTable.state, filter.state),
    filter.run_id === undefined ? undefined : eq(externalActionTable.run_id, filter.run_id),
    filter.provider === undefined ? undefined : eq(actionRevisionTable.provider, filter.provider),
    filter.observed === undefined ? undefined : wasObserved(filter.observed),
    filter.q === undefined || filter.q.trim() === '' ? undefined : containsText(filter.q.trim()),
  ]
}

function wasObserved(result: ObservationResult): SQL {
  return sql`EXISTS (SELECT FROM ${executionTable} AS ran JOIN ${executionObservationTable} AS seen ON seen.execution_id = ran.execution_id
    WHERE ran.action_id = ${externalActionTable.action_id} AND ran.revision = ${externalActionTable.revision} AND seen.result = ${result}
      AND NOT EXISTS (SELECT FROM ${executionObservationTable} AS later
        WHERE later.execution_id = seen.execution_id AND later.observation_no > seen.observation_no))`
}

function containsText(text: string): SQL {
  const pattern = toSearchPattern(text)
  return sql`(${actionRevisionTable.sentence} ILIKE ${pattern} OR ${actionRevisionTable.title} ILIKE ${pattern}
    OR ${actionRevisionTable.target_text} ILIKE ${pattern} OR ${runTable.name} ILIKE ${pattern}
    OR ${externalActionTable.action_id} ILIKE ${pattern} OR ${externalActionTable.run_id} ILIKE ${pattern}
    OR (${actionRevisionTable.provider} || '.' || ${actionRevisionTable.operation}) ILIKE ${pattern})`
}

/**
 * What this operator could approve or reject now: open, in time, not their own request unless they decide `alone`, not decided by them before,
 * not back at its executor.
 */
function isActionable(principal: OperatorPrincipal, now: SQL, alone: boolean): SQL {
  if (!hasRole(principal.role, 'approver')) return sql`false`
  const me = principal.operatorId
  return sql`(${externalActionTable.state} = 'PENDING' AND ${actionRevisionTable.decide_by} > ${now}
    AND NOT ${changeRequested}
    AND (${alone}::boolean OR NOT ${isOwnRun(principal)})
    AND NOT EXISTS (SELECT FROM ${decisionTable} AS mine WHERE mine.action_id = ${externalActionTable.action_id}
      AND mine.revision = ${externalActionTable.revision} AND mine.operator_id = ${me}))`
}
