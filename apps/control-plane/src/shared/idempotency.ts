import { createHash } from 'node:crypto'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Transaction } from '@autopack/server-kit/open-database'
import { and, eq, sql } from 'drizzle-orm'
import { idempotencyTable } from '../db/idempotency-tables.ts'

export type IdempotencyPlace = {
  principalId: string
  routeId: string
  /** The Idempotency-Key header. */
  key: string
  /** Hex; see toRequestSha256. */
  bodySha256: string
}

/** What must be the same for a repetition to be a repetition: the path with its query, and the body. Hex. */
export function toRequestSha256(input: { c: { req: { url: string } }; bodyBytes: Uint8Array }): string {
  const url = new URL(input.c.req.url)
  return createHash('sha256').update(`${url.pathname}${url.search}\0`).update(input.bodyBytes).digest('hex')
}

/**
 * The answer of the first request with this key, or null. Call it first in the transaction: it holds a lock on the key
 * until the transaction ends, so that a simultaneous repetition waits and then finds the answer.
 * Throws `idempotency_key_reused` when the key was used for something else.
 */
export async function findIdempotent(tx: Transaction, place: IdempotencyPlace): Promise<{ answer: unknown } | null> {
  const name = [place.principalId, place.routeId, place.key].join('\n')
  await tx.execute(sql`SELECT pg_advisory_xact_lock(hashtextextended(${name}, 0))`)
  const [row] = await tx.select().from(idempotencyTable).where(toRow(place)).limit(1)
  if (!row) return null
  if (row.body_sha256 !== place.bodySha256)
    throw new ProblemError('idempotency_key_reused', 'This Idempotency-Key was used for a different request. Send a new key for a new thing.')
  return { answer: row.answer }
}

/** Keeps the answer for repetitions; in the same transaction as what it answers. */
export async function recordIdempotent(tx: Transaction, place: IdempotencyPlace, answer: unknown, status = 200): Promise<void> {
  await tx.insert(idempotencyTable).values({
    principal_id: place.principalId,
    route_id: place.routeId,
    key: place.key,
    body_sha256: place.bodySha256,
    status,
    answer,
  })
}

function toRow(place: IdempotencyPlace) {
  return and(eq(idempotencyTable.principal_id, place.principalId), eq(idempotencyTable.route_id, place.routeId), eq(idempotencyTable.key, place.key))
}
