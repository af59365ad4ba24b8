import type { ApplyEvent } from '../../shared/live-event.ts'

/** Apart from the queries: the frame needs this one line, and not the routes of the audit log. */
export const applyAuditEvent: ApplyEvent = () => [['audit', 'newest']]
