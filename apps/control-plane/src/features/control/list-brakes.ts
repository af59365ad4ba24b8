import type { listBrakes as listBrakesRoute } from '@autopack/contract/operator-control'
import type { AnswerOf, QueryOf } from '@autopack/contract/route'
import type { Deps } from '../../deps.ts'
import { decodeCursor, encodeCursor, toCursorMoment } from '../../shared/cursor.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { listAllBrakes } from './brake-rows.ts'
import { toBrake } from './to-brake.ts'

const pageSize = 50

/** Every brake there was, the newest first. */
export async function listBrakes(
  deps: Deps,
  principal: OperatorPrincipal,
  query: QueryOf<typeof listBrakesRoute>,
): Promise<AnswerOf<typeof listBrakesRoute>> {
  const limit = query.limit ?? pageSize
  const place = query.cursor === undefined ? null : decodeCursor(query.cursor, ['string', 'string'])
  const rows = await listAllBrakes(deps.db, principal, place && { at: toCursorMoment(place[0]!), id: String(place[1]) }, limit)
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)?.brake
  return {
    items: shown.map(toBrake),
    next_cursor: rows.length > limit && last ? encodeCursor([last.engaged_at.toISOString(), last.brake_id]) : null,
    now: (await readClock(deps.db, deps.now)).toISOString(),
  }
}
