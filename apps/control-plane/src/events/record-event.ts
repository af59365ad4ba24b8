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
