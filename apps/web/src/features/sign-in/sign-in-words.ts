import { ApiProblem } from '@autopack/api-client/errors'
import { describeProblem } from '../../shared/describe-problem.ts'

export type SignInRefusal = {
  words: string
  /** Which field is wrong, if one is. */
  aboutCredentials: boolean
  waitSeconds: number
}

/** What to tell a person whose sign-in failed. Never says whether the name exists. */
export function describeSignInFailure(error: unknown): SignInRefusal {
  if (error instanceof ApiProblem) {
    const waitSeconds = error.retryAfterSeconds ?? 0
    switch (error.code) {
      case 'wrong_credentials':
        return { words: 'Name or password is wrong.', aboutCredentials: true, waitSeconds }
      case 'too_many_attempts':
      case 'rate_limited':
        return { words: 'Too many failed attempts.', aboutCredentials: false, waitSeconds: Math.max(waitSeconds, 1) }
      case 'login_busy':
        return { words: 'Too many people are signing in at this moment.', aboutCredentials: false, waitSeconds: Math.max(waitSeconds, 1) }
      case 'control_plane_unreachable':
      case 'not_ready':
        return {
          words: 'The console runs, but the control plane behind it does not answer. Nobody can sign in until it does.',
          aboutCredentials: false,
          waitSeconds,
        }
      case 'invalid_request':
        return { words: 'Enter a name and a password.', aboutCredentials: true, waitSeconds }
    }
  }
  const { what, todo, requestId } = describeProblem(error)
  return { words: `${what} ${todo}${requestId ? ` Request ${requestId}.` : ''}`, aboutCredentials: false, waitSeconds: 0 }
}
