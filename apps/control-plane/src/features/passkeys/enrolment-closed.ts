import { ProblemError } from '@autopack/server-kit/problem-error'

export const enrolmentClosedWords =
  'Your first passkey could be made for a while after you came in; that is over. Ask an admin to reset your passkeys, then sign in again and make one.'

export function enrolmentClosed(): ProblemError {
  return new ProblemError('enrolment_closed', enrolmentClosedWords)
}
