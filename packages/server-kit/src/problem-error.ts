import type { Problem, ProblemCode } from '@autopack/contract/problems'

type Extra = Partial<
  Pick<
    Problem,
    | 'issues'
    | 'decided_by'
    | 'decided_at'
    | 'decision_kind'
    | 'execution_id'
    | 'fence'
    | 'needs'
    | 'differs'
    | 'current_revision'
    | 'rule'
    | 'at'
    | 'offset'
  >
> & {
  retryAfterSeconds?: number
}

/** A refusal with a stable code and words a person can act on. Throw it; the app turns it into an RFC 9457 answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly detail: string
  readonly extra: Extra
  constructor(code: ProblemCode, detail: string, extra: Extra = {}) {
    super(`${code}: ${detail}`)
    this.code = code
    this.detail = detail
    this.extra = extra
  }
}
