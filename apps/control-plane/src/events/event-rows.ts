import type { Event } from '@autopack/contract/events'
import type { Database } from '@autopack/server-kit/open-database'
import { and, asc, eq, gt, inArray, lte, or, sql } from 'drizzle-orm'
import { eventHeadTable, eventTable } from '../db/event-tables.ts'
import { operatorTable } from '../db/people-tables.ts'
import { canSee } from '../shared/can-see.ts'
import type { OperatorPrincipal } from '../shared/principal.ts'

type Viewer = Pick<OperatorPrincipal, 'operatorId' | 'role'>

/** The id of the newest event, 0 when there is none. Everything up to it is visible to later queries. */
export async function readEventHead(db: Database): Promise<{ lastId: number; now: Date }> {
  const [head] = await db
    .select({
      lastId: eventHeadTable.last_id,
      milliseconds: sql`floor(extract(epoch FROM clock_timestamp()) * 1000)::float8`.mapWith(Number),
    })
    .from(eventHeadTable)
    .where(eq(eventHeadTable.id, 1))
  if (!head) throw new Error('the event log has no head')
  return { lastId: head.lastId, now: new Date(head.milliseconds) }
}

/** The events after one id up to another that the viewer may see, oldest first. */
export async function listEventsBetween(db: Database, viewer: Viewer, after: number, upTo: number, limit: number): Promise<Event[]> {
  const visible = or(
    eq(eventTable.for_everyone, true),
    canSee(viewer, { executorId: eventTable.executor_id, ownerOperatorId: eventTable.owner_operator_id }),
  )
  const rows = await db
    .select()
    .from(eventTable)
    .where(and(gt(eventTable.id, after), lte(eventTable.id, upTo), visible))
    .orderBy(asc(eventTable.id))
    .limit(limit)
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    resource: { kind: row.resource_kind, id: row.resource_id },
    version: row.version,
    at: row.at.toISOString(),
  }))
}

/** Whether every event after this id is still kept. */
export async function isEventKept(db: Database, after: number): Promise<boolean> {
  const [oldest] = await db.select({ id: eventTable.id }).from(eventTable).orderBy(asc(eventTable.id)).limit(1)
  return oldest === undefined || oldest.id <= after + 1
}

export async function listOperatorStandings(db: Database, operatorIds: readonly string[]) {
  return db
    .select({ operatorId: operatorTable.operator_id, role: operatorTable.role, enabled: operatorTable.enabled })
    .from(operatorTable)
    .where(inArray(operatorTable.operator_id, [...operatorIds]))
    .limit(operatorIds.length)
}
