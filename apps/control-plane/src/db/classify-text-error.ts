import { ProblemError } from '@autopack/server-kit/problem-error'

/** PostgreSQL text holds no NUL: a client that sends one anyway has made a mistake, not we. SQLSTATE 22021, 22P05. */
export function classifyTextError(error: unknown): ProblemError | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const code = (at as { code?: unknown }).code
    if (code === '22021' || code === '22P05')
      return new ProblemError('invalid_request', 'The request has a text with a character that cannot be stored (NUL). Leave it out.')
  }
  return null
}
