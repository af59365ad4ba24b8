import { getSystemStatus } from '@autopack/contract/status'
import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { ApplyEvent } from './live-event.ts'

/** Switches, caps, environment, audit head. */
export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => call(getSystemStatus, { signal }),
})

export const applyEventToStatus: ApplyEvent = (event) => (event.type === 'control.changed' ? [['status']] : [])
