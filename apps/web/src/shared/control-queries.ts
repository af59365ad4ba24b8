import { getControl } from '@autopack/contract/control'
import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { ApplyEvent } from './live-event.ts'

/** Switches, brakes and caps with who set them. What every page needs of it comes with the status. */
export const controlQuery = queryOptions({
  queryKey: ['control'],
  queryFn: ({ signal }) => call(getControl, { signal }),
})

/** An action that is proposed, taken or ends moves what waits and what is spent. */
export const applyEventToControl: ApplyEvent = (event) => {
  if (event.type === 'control.changed') return [['control'], ['brakes'], ['ledger-now']]
  return event.type === 'external_action.changed' ? [['control'], ['ledger-now']] : []
}
