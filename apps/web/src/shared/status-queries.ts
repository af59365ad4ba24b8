import { getSystemStatus } from '@autopack/contract/status'
import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { ApplyEvent } from './live-event.ts'

/** Switches, caps, environment, audit head. Sign-ins and checkpoints, also one that stops the log, make no live event: it is read again by itself. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => call(getSystemStatus, { signal }),
  refetchInterval: 15_000,
})

/** An action that is taken or ends moves the caps of the day. */
export const applyEventToStatus: ApplyEvent = (event) =>
  event.type === 'control.changed' || event.type === 'external_action.changed' ? [['status']] : []
