import { ProblemError } from '@autopack/server-kit/problem-error'

/**
 * A refusal whose audit event is already committed, or counted, by the action itself. Throw it after the transaction, never inside:
 * throwing inside would roll the audit event back.
 */
export class AuditedRefusal extends ProblemError {}
