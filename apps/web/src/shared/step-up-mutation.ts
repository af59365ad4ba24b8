import { stepUp } from '@autopack/contract/auth'
import { mutationOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { sessionQuery } from './session-queries.ts'

/** Shows again who is signed in, by the password; the session then says when that was. */
export const stepUpMutation = mutationOptions({
  mutationKey: ['step-up'],
  mutationFn: (password: string) => call(stepUp, { body: { password } }),
  onSuccess: (session, _password, _result, { client }) => client.setQueryData(sessionQuery.queryKey, session),
})
