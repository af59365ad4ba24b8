import { ApiProblem } from '@autopack/api-client/errors'
import { describeSignInFailure, type SignInRefusal } from './sign-in-words.ts'

export type InviteRefusal = SignInRefusal & {
  /** The password is what has to be changed. */
  aboutPassword: boolean
  /** They can sign in already. */
  used: boolean
}

/** What to tell somebody whose invite, or whose password, was refused. */
export function describeInviteFailure(error: unknown): InviteRefusal {
  const plain = { aboutCredentials: false, waitSeconds: 0, aboutPassword: false, used: false }
  if (error instanceof ApiProblem) {
    switch (error.code) {
      case 'invite_refused':
        return {
          ...plain,
          words: 'This link does not hold: it is too old, it was taken back, or a newer one took its place. Ask whoever invited you for another one.',
        }
      case 'invite_used':
        return { ...plain, words: 'Somebody has chosen a password with this link already.', used: true }
      case 'name_taken':
        return { ...plain, words: error.problem.detail }
      case 'weak_password':
        return { ...plain, words: error.problem.detail, aboutPassword: true }
    }
  }
  return { ...plain, ...describeSignInFailure(error) }
}
