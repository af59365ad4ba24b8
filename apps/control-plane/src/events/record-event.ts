import type { Event } from '@autopack/contract/events'
import type { Transaction } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import { eventChannel } from './event-channel.ts'

export type RecordedEvent = {
  type: Event['type']
  resource: Event['resource']
  /** Of the resource after the change. */
  version: number
  /** Through whom an operator may see it (canSee). */
  executorId: string | null
  ownerOperatorId: string | null
  forEveryone?: boolean
}

/** Of the control row, brakes, caps: everyone sees that they changed. */
export function toControlEvent(version: number): RecordedEvent {
  return {
    type: 'control.changed',
    resource: { kind: 'control', id: 'control' },
    version,
    executorId: null,
    ownerOperatorId: null,
    forEveryone: true,
  }
}

/**
 * Tells the live streams that something changed, once the transaction commits. The very last statement of a
 * transaction: the id is taken under a lock that holds until the commit, which is what makes ids appear in order.
 * Returns the id.
 */
export async function recordEvent(tx: Transaction, event: RecordedEvent): Promise<number> {
  const recorded = await tx.execute(sql`
    WITH head AS (UPDATE control_plane.event_head SET last_id = last_id + 1 WHERE id = 1 RETURNING last_id),
    inserted AS (
      INSERT INTO control_plane.event (id, type, resource_kind, resource_id, version, executor_id, owner_operator_id, for_everyone)
      SELECT last_id, ${event.type}, ${event.resource.kind}, ${event.resource.id}, ${event.version}::int, ${event.executorId},
        ${event.ownerOperatorId}, ${event.forEveryone ?? false}::boolean FROM head RETURNING id
    )
    SELECT id::float8 AS id, pg_notify(${eventChannel}, '') FROM inserted`)
  const row = recorded.rows[0] as { id: number } | undefined
  if (!row) throw new Error('the event log has no head')
  return Number(row.id)
}

/** Events of one statement; bounded, since each batch is one parameter. */
const batchSize = 500

/** As recordEvent, for a transaction that changed many things: a statement for each few hundred. In the order given. */
export async function recordEvents(tx: Transaction, events: readonly RecordedEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += batchSize) {
    const batch = events.slice(from, from + batchSize).map((event, index) => ({
      nth: index + 1,
      type: event.type,
      resource_kind: event.resource.kind,
      resource_id: event.resource.id,
      version: event.version,
      executor_id: event.executorId,
      owner_operator_id: event.ownerOperatorId,
      for_everyone: event.forEveryone ?? false,
    }))
    await tx.execute(sql`
      WITH head AS (UPDATE control_plane.event_head SET last_id = last_id + ${batch.length}::int WHERE id = 1 RETURNING last_id - ${batch.length}::int AS before)
      INSERT INTO control_plane.event (id, type, resource_kind, resource_id, version, executor_id, owner_operator_id, for_everyone)
      SELECT before + nth, type, resource_kind, resource_id, version, executor_id, owner_operator_id, for_everyone
      FROM head, jsonb_to_recordset(${JSON.stringify(batch)}::jsonb) AS batch (nth int, type text, resource_kind text, resource_id text, version int,
        executor_id text, owner_operator_id text, for_everyone boolean)`)
  }
  if (events.length > 0) await tx.execute(sql`SELECT pg_notify(${eventChannel}, '')`)
}
