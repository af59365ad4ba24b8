/** Empties the outbox into the control plane's audit log: in order, idempotent by delivery id, again and again until it is taken. */
import { randomUUID } from 'node:crypto'
import { recordSignInEvents } from '@autopack/contract/operators'
import type { Deps } from '../../deps.ts'
import { listWaitingEvents, markDelivered } from '../../shared/outbox-rows.ts'

const spacingMs = 1_000
const longestWaitMs = 60_000

/** One batch. Returns how many were delivered. Throws ProblemError. */
export async function deliverSignInEvents(deps: Deps): Promise<number> {
  const events = await listWaitingEvents(deps.db)
  if (events.length === 0) return 0
  await deps.controlPlane.call(
    recordSignInEvents,
    { body: { events } },
    {
      subject: 'console',
      requestId: randomUUID(),
      headers: {},
      signal: AbortSignal.timeout(10_000),
    },
  )
  await markDelivered(
    deps.db,
    events.map((event) => event.delivery_id),
    deps.now(),
  )
  return events.length
}

/** Returns the function that stops after the batch that is on its way. */
export function startDelivery(deps: Deps): () => Promise<void> {
  let stopped = false
  let failures = 0
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const next = (ms: number) => {
    if (!stopped) timer = setTimeout(() => (running = run()), ms).unref()
  }
  const run = async () => {
    try {
      const delivered = await deliverSignInEvents(deps)
      failures = 0
      next(delivered === 100 ? 0 : spacingMs)
    } catch (error) {
      failures += 1
      if (failures === 1 || failures % 10 === 0) deps.log.warn({ error, failures }, 'sign-in events wait for the control plane')
      next(Math.min(longestWaitMs, spacingMs * 2 ** Math.min(failures, 6)))
    }
  }
  next(spacingMs)
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}
