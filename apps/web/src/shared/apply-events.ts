import type { ApplyEvent } from './live-event.ts'

// Apart from the queries whose keys they name: the frame needs these lines on every page, and none of the routes.

export const applyEventToExternalActions: ApplyEvent = (event) =>
  event.type === 'external_action.changed'
    ? [
        ['external-actions', 'one', event.resource.id],
        ['external-actions', 'ledger'],
      ]
    : []

/** Each is read under its own id, which names its kind. A brake changes what may be done with all of them. */
export const applyEventToRequests: ApplyEvent = (event) => {
  if (event.type === 'control.changed') return [['requests']]
  return event.type === 'approval_request.changed' || event.type === 'governance_request.changed' ? [['requests', event.resource.id]] : []
}

/** A proposal or a decision moves its run between running and waiting, but that arrives as the run's own event. */
export const applyEventToRuns: ApplyEvent = (event) =>
  event.type === 'run.changed'
    ? [
        ['runs', 'list'],
        ['runs', 'one', event.resource.id],
      ]
    : []

export const applyEventToArtifacts: ApplyEvent = (event) => (event.type === 'artifact.changed' ? [['artifacts', event.resource.id, 'index']] : [])

/** An action that is proposed, taken or ends moves what waits and what is spent. */
export const applyEventToControl: ApplyEvent = (event) => {
  if (event.type === 'control.changed') return [['control'], ['brakes'], ['external-actions', 'ledger']]
  return event.type === 'external_action.changed' ? [['control']] : []
}
