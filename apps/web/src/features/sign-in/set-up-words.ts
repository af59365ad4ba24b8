import { ApiProblem } from '@autopack/api-client/errors'
import { describeSignInFailure, type SignInRefusal } from './sign-in-words.ts'

export type SetUpRefusal = SignInRefusal & {
  /** Where the mistake is: the cursor goes there. */
  field: 'name' | 'password' | null
  /** There is somebody already: the way on is to sign in. */
  closed: boolean
}

/** What to tell a person whose set-up was refused, and what to do about it. */
export function describeSetUpFailure(error: unknown): SetUpRefusal {
  const at = (field: SetUpRefusal['field'], words: string): SetUpRefusal => ({ words, field, aboutCredentials: false, waitSeconds: 0, closed: false })
  if (error instanceof ApiProblem) {
    switch (error.code) {
      case 'setup_link_refused':
        return at(
          null,
          'This link does not hold: it is older than 15 minutes, or the control plane was started again since. Restart the control plane and open the link that it prints in this tab; what you typed stays.',
        )
      case 'setup_closed':
        return { ...at(null, 'Somebody has set this console up already.'), closed: true }
      case 'weak_password':
        return at('password', error.problem.detail)
      case 'setup_begun':
        return at('name', error.problem.detail)
      case 'name_taken':
        return at(null, error.problem.detail)
      case 'invalid_request':
        return at('name', 'This name cannot be used: 1 to 100 characters, each of which can be seen.')
    }
  }
  return { ...describeSignInFailure(error), field: null, closed: false }
}
