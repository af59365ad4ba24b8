import type { ActionState, ObservationResult } from '@autopack/contract/external-actions'
import { hasRole } from '@autopack/contract/roles'
import type { Queryable } from '@autopack/server-kit/open-database'
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm'
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
import { isVisible } from './action-rows.ts'
import { changeRequested } from './change-requested.ts'

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
  const [row] = await selectSummaries(db, isActionable(principal, now))
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
  scope?: 'actionable' | 'open' | 'decided' | undefined
}
export type SummaryOrder = 'newest' | 'deadline' | 'latest_state'
/** The sort key and id of the last row of the page before. */
export type SummaryPlace = { at: Date; id: string }

/** A page of actions this operator may see, one more than `limit` when there are more, and how many there are in all. */
export async function listSummaries(
  db: Queryable,
  principal: OperatorPrincipal,
  now: SQL,
  page: { filter: SummaryFilter; order: SummaryOrder; after: SummaryPlace | null; limit: number },
): Promise<{ rows: SummaryRow[]; total: { count: number; exact: boolean } }> {
  const matches = and(isVisible(principal), ...listConditions(page.filter, principal, now))
  const key = sortKeys[page.order]
  const rows = await selectSummaries(db, isActionable(principal, now))
    .where(and(matches, page.after === null ? undefined : comesAfter(page.order, page.after)))
    .orderBy(...(page.order === 'deadline' ? [asc(key), asc(externalActionTable.action_id)] : [desc(key), desc(externalActionTable.action_id)]))
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

const sortKeys = {
  newest: externalActionTable.requested_at,
  deadline: actionRevisionTable.decide_by,
  latest_state: externalActionTable.state_since,
} as const

function comesAfter(order: SummaryOrder, after: SummaryPlace): SQL {
  const place = sql`(${after.at.toISOString()}::timestamptz, ${after.id})`
  const row = sql`(${sortKeys[order]}, ${externalActionTable.action_id})`
  return order === 'deadline' ? sql`${row} > ${place}` : sql`${row} < ${place}`
}

const openStates: ActionState[] = ['PENDING']
const decidedStates: ActionState[] = ['APPROVED', 'EXECUTING', 'COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED', 'REJECTED', 'REVOKED']

function listConditions(filter: SummaryFilter, principal: OperatorPrincipal, now: SQL): (SQL | undefined)[] {
  return [
    filter.state === undefined ? undefined : eq(externalActionTable.state, filter.state),
    filter.run_id === undefined ? undefined : eq(externalActionTable.run_id, filter.run_id),
    filter.provider === undefined ? undefined : eq(actionRevisionTable.provider, filter.provider),
    filter.observed === undefined ? undefined : wasObserved(filter.observed),
    filter.q === undefined || filter.q.trim() === '' ? undefined : containsText(filter.q.trim()),
    filter.scope === 'actionable' ? isActionable(principal, now) : undefined,
    filter.scope === 'open' ? inArray(externalActionTable.state, openStates) : undefined,
    filter.scope === 'decided' ? inArray(externalActionTable.state, decidedStates) : undefined,
  ]
}

function wasObserved(result: ObservationResult): SQL {
  return sql`EXISTS (SELECT FROM ${executionTable} AS ran JOIN ${executionObservationTable} AS seen ON seen.execution_id = ran.execution_id
    WHERE ran.action_id = ${externalActionTable.action_id} AND ran.revision = ${externalActionTable.revision} AND seen.result = ${result}
      AND NOT EXISTS (SELECT FROM ${executionObservationTable} AS later
        WHERE later.execution_id = seen.execution_id AND later.observation_no > seen.observation_no))`
}

function containsText(text: string): SQL {
  const pattern = `%${text.replaceAll('\0', '').replace(/[\\%_]/g, (character) => `\\${character}`)}%`
  return sql`(${actionRevisionTable.sentence} ILIKE ${pattern} OR ${actionRevisionTable.title} ILIKE ${pattern}
    OR ${actionRevisionTable.target_text} ILIKE ${pattern} OR ${runTable.name} ILIKE ${pattern}
    OR ${externalActionTable.action_id} ILIKE ${pattern} OR ${externalActionTable.run_id} ILIKE ${pattern}
    OR (${actionRevisionTable.provider} || '.' || ${actionRevisionTable.operation}) ILIKE ${pattern})`
}

/** What this operator could approve or reject now: open, in time, not their own request, not decided by them before, not back at its executor. */
function isActionable(principal: OperatorPrincipal, now: SQL): SQL {
  if (!hasRole(principal.role, 'approver')) return sql`false`
  const me = principal.operatorId
  return sql`(${externalActionTable.state} = 'PENDING' AND ${actionRevisionTable.decide_by} > ${now}
    AND NOT ${changeRequested}
    AND coalesce(${runTable.started_by} NOT IN (${me}, ${principal.name}), true)
    AND NOT EXISTS (SELECT FROM ${decisionTable} AS mine WHERE mine.action_id = ${externalActionTable.action_id}
      AND mine.revision = ${externalActionTable.revision} AND mine.operator_id = ${me}))`
}
