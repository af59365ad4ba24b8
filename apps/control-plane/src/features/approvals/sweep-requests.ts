import type { Deps } from '../../deps.ts'
import { readClock } from '../../shared/read-clock.ts'
import { expireRequest } from './expire-request.ts'
import { listOverdueRequests, lockIdleRequest } from './request-rows.ts'

/** Requests of one sweep; what is left waits for the next. */
const batchSize = 100

/** Expires what nobody decided in time, by the database clock. Returns how many requests it moved. */
export async function sweepRequests(deps: Deps): Promise<number> {
  let moved = 0
  for (const requestId of await listOverdueRequests(deps.db, deps.now, batchSize)) {
    try {
      if (await sweepOne(deps, requestId)) moved += 1
    } catch (error) {
      // One request that cannot be moved must not keep the others from being moved.
      deps.log.error({ error, request: requestId }, 'an overdue request could not be moved on')
    }
  }
  return moved
}

async function sweepOne(deps: Deps, requestId: string): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const request = await lockIdleRequest(tx, requestId)
    if (request?.state !== 'PENDING') return false
    const now = await readClock(tx, deps.now)
    if (request.decide_by > now) return false
    await expireRequest(tx, request, now, { requestId: null })
    return true
  })
}
