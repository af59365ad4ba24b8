/** The queue of all kinds: one statement finds the page, and the very same one, without its end, counts. */
import type { ApprovalKind } from '@autopack/contract/approvals'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { hasRole } from '@autopack/contract/roles'
import type { Queryable } from '@autopack/server-kit/open-database'
import { and, eq, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { requestTable } from '../../db/request-tables.ts'
import { runTable } from '../../db/run-tables.ts'
import { isOwnRun } from '../../ledger/is-own-run.ts'
import { selectQueuedActions } from '../../ledger/summary-rows.ts'
import { boundedCount } from '../../shared/bounded-count.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { toSearchPattern } from '../../shared/search-pattern.ts'
import { isRequestVisible } from './request-rows.ts'

export type QueueScope = 'actionable' | 'open' | 'decided'
export type QueueFilter = {
  scope: QueueScope
  kind?: ApprovalKind | undefined
  risk?: ExternalAction['risk']['level'] | undefined
  provider?: string | undefined
  q?: string | undefined
}
/** The sort key and id of the last row of the page before. */
export type QueuePlace = { at: Date; id: string }
export type QueueRow = { kind: ApprovalKind; id: string; at: Date; actionable: boolean }

/**
 * A page of the queue, one more than `limit` when there are more, and how many there are in all. What is open: the nearest deadline first;
 * what was decided or expired: the latest first.
 */
export async function listQueue(
  db: Queryable,
  principal: OperatorPrincipal,
  now: SQL,
  /** `alone`: this person may decide about what they asked for themselves. */
  page: { filter: QueueFilter; after: QueuePlace | null; limit: number; alone: boolean },
): Promise<{ rows: QueueRow[]; total: { count: number; exact: boolean } }> {
  const { filter, after, limit } = page
  const parts = listParts(principal, now, filter, page.alone)
  if (parts.length === 0) return { rows: [], total: { count: 0, exact: true } }
  const backwards = filter.scope === 'decided'
  const beyond = after === null ? sql`true` : sql`(at, id) ${backwards ? sql`<` : sql`>`} (${after.at.toISOString()}::timestamptz, ${after.id})`
  const order = backwards ? sql`at DESC, id DESC` : sql`at, id`
  // Each part is cut by itself, so that its index serves it.
  const cut = parts.map((part) => sql`(SELECT * FROM (${part}) AS part WHERE ${beyond} ORDER BY ${order} LIMIT ${limit + 1})`)
  const found = await db.execute(sql`
    SELECT kind, id, floor(extract(epoch FROM at) * 1000)::float8 AS at_ms, actionable
    FROM (${sql.join(cut, sql` UNION ALL `)}) AS waiting ORDER BY ${order} LIMIT ${limit + 1}`)
  const rows = found.rows as { kind: ApprovalKind; id: string; at_ms: number; actionable: boolean }[]
  const counted = sql.join(
    parts.map((part) => sql`(${part})`),
    sql` UNION ALL `,
  )
  return {
    rows: rows.map(({ kind, id, at_ms, actionable }) => ({ kind, id, at: new Date(Number(at_ms)), actionable })),
    total: await boundedCount(db, counted),
  }
}

function listParts(principal: OperatorPrincipal, now: SQL, filter: QueueFilter, alone: boolean): SQL[] {
  const wants = (kind: ApprovalKind) => filter.kind === undefined || filter.kind === kind
  const parts: SQL[] = []
  if (wants('external_action')) parts.push(selectQueuedActions(principal, now, filter, alone))
  const kinds = (['approval_request', 'governance_request'] as const).filter(wants)
  // Only external actions go to a provider.
  if (kinds.length > 0 && filter.provider === undefined) parts.push(selectQueuedRequests(principal, now, { ...filter, alone }, kinds))
  return parts
}

function selectQueuedRequests(
  principal: OperatorPrincipal,
  now: SQL,
  filter: QueueFilter & { alone: boolean },
  kinds: readonly ('approval_request' | 'governance_request')[],
): SQL {
  const actionable = isRequestActionable(principal, now, filter.alone)
  const scope = {
    actionable,
    open: sql`${requestTable.state} = 'PENDING'`,
    decided: sql`${requestTable.state} <> 'PENDING'`,
  }[filter.scope]
  const conditions = and(
    isRequestVisible(principal),
    scope,
    kinds.length === 1 ? eq(requestTable.kind, kinds[0]!) : undefined,
    filter.risk === undefined ? undefined : eq(requestTable.risk_level, filter.risk),
    filter.q === undefined || filter.q.trim() === '' ? undefined : containsText(filter.q.trim()),
  )
  const at = filter.scope === 'decided' ? requestTable.state_since : requestTable.decide_by
  return sql`SELECT ${requestTable.kind} AS kind, ${requestTable.request_id} AS id, ${at} AS at, ${actionable} AS actionable
    FROM ${requestTable} LEFT JOIN ${runTable} ON ${runTable.run_id} = ${requestTable.known_run_id} WHERE ${conditions}`
}

/** What this operator could decide now. */
function isRequestActionable(principal: OperatorPrincipal, now: SQL, alone: boolean): SQL {
  if (!hasRole(principal.role, 'approver')) return sql`false`
  return sql`(${requestTable.state} = 'PENDING' AND ${requestTable.decide_by} > ${now}
    AND (${alone}::boolean OR NOT ${isOwnRun(principal)}))`
}

function containsText(text: string): SQL {
  const pattern = toSearchPattern(text)
  return sql`(${requestTable.sentence} ILIKE ${pattern} OR ${requestTable.title} ILIKE ${pattern} OR ${requestTable.context} ILIKE ${pattern}
    OR ${requestTable.request_id} ILIKE ${pattern} OR ${requestTable.run_id} ILIKE ${pattern} OR ${runTable.name} ILIKE ${pattern})`
}
