import type { ApplyEvent } from '../../shared/live-event.ts'

/** The event names the action, not its run; a page shows one run, so this is one small read. */
export const applyEventToRunPage: ApplyEvent = (event) => (event.type === 'external_action.changed' ? [['left-run']] : [])
