/** What the audit log has to hear about signing in: written with the change itself, delivered when the control plane is there. */
import { randomUUID } from 'node:crypto'
import type { recordSignInEvents } from '@autopack/contract/operators'
import type { BodyOf } from '@autopack/contract/route'
import type { Queryable } from '@autopack/server-kit/open-database'
import { and, asc, inArray, isNotNull, isNull, lt } from 'drizzle-orm'
import { outboxTable } from '../db/bff-tables.ts'

export type SignInEvent = BodyOf<typeof recordSignInEvents>['events'][number]

export async function recordOutboxEvent(db: Queryable, event: Omit<SignInEvent, 'delivery_id' | 'at'>, now: Date): Promise<void> {
  const delivery_id = randomUUID()
  const whole: SignInEvent = {
    ...event,
    delivery_id,
    at: now.toISOString(),
    name: toRecordable(event.name, 100),
    detail: toRecordable(event.detail, 300),
  }
  await db.insert(outboxTable).values({ delivery_id, event: whole, created_at: now, delivered_at: null })
}

/** Cut before it is mended: a cut may leave half a character, which no database takes. */
function toRecordable(text: string, length: number): string {
  return text.slice(0, length).replaceAll('\u0000', '\ufffd').toWellFormed()
}

/** Oldest first, at most 100. */
export async function listWaitingEvents(db: Queryable): Promise<SignInEvent[]> {
  const rows = await db
    .select({ event: outboxTable.event })
    .from(outboxTable)
    .where(isNull(outboxTable.delivered_at))
    .orderBy(asc(outboxTable.created_at), asc(outboxTable.delivery_id))
    .limit(100)
  return rows.map((row) => row.event as SignInEvent)
}

export async function markDelivered(db: Queryable, deliveryIds: readonly string[], now: Date): Promise<void> {
  await db
    .update(outboxTable)
    .set({ delivered_at: now })
    .where(inArray(outboxTable.delivery_id, [...deliveryIds]))
  const before = new Date(now.getTime() - 24 * 3_600_000)
  await db.delete(outboxTable).where(and(isNotNull(outboxTable.delivered_at), lt(outboxTable.delivered_at, before)))
}
