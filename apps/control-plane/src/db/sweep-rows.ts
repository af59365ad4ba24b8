import type { Database } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'

/** Live events are for catching up, not for history: a stream whose cursor is older re-reads everything instead. */
const keptEvents = 10_000
/** A repetition later than this is a new request. */
const keptIdempotencyDays = 7
/** So that one sweep never holds a lock for long; the next one takes the rest. */
const sweepLimit = 5_000

/** Removes what has served: spent assertions and challenges that expired, old idempotency answers, events nobody resumes from. */
export async function sweepRows(db: Database): Promise<void> {
  await db.execute(sql`DELETE FROM control_plane.used_assertion WHERE jti IN (
    SELECT jti FROM control_plane.used_assertion WHERE expires_at < clock_timestamp() - interval '1 minute' LIMIT ${sweepLimit})`)
  await db.execute(sql`DELETE FROM control_plane.challenge WHERE nonce_sha256 IN (
    SELECT nonce_sha256 FROM control_plane.challenge WHERE expires_at < clock_timestamp() - interval '1 hour' LIMIT ${sweepLimit})`)
  await db.execute(sql`DELETE FROM control_plane.idempotency WHERE ctid IN (
    SELECT ctid FROM control_plane.idempotency
    WHERE created_at < clock_timestamp() - make_interval(days => ${keptIdempotencyDays}::int) LIMIT ${sweepLimit})`)
  await db.execute(sql`DELETE FROM control_plane.event WHERE id IN (
    SELECT id FROM control_plane.event
    WHERE id <= (SELECT last_id FROM control_plane.event_head WHERE id = 1) - ${keptEvents}::bigint ORDER BY id LIMIT ${sweepLimit})`)
}
