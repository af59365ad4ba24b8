import { ApiProblem } from '@autopack/api-client/errors'
import { describePasskeyFailure } from '../../shared/passkeys/passkey-words.ts'
import { describeSignInFailure, type SignInRefusal } from './sign-in-words.ts'

/** What to tell a person whose passkey did not sign them in, and that the password is still there. */
export function describePasskeySignInFailure(error: unknown): SignInRefusal {
  const failure = describePasskeyFailure(error)
  if (failure !== null) {
    const words = failure.ended ? 'No passkey was used: the prompt was closed or ran out, or none for this console is at hand.' : failure.words
    return { words: `${words} Name and password work as before.`, aboutCredentials: false, waitSeconds: 0 }
  }
  if (error instanceof ApiProblem && error.code === 'wrong_credentials') {
    return {
      words: 'This passkey signs nobody in: it is not known here, it was taken out of use, or the prompt was open for more than two minutes.',
      aboutCredentials: false,
      waitSeconds: 0,
    }
  }
  return { ...describeSignInFailure(error), aboutCredentials: false }
}
