import { ApiProblem } from '@autopack/api-client/errors'
import { changePassword, getSession, listSessions, login, logout, recordActivity, revokeSession, type Session } from '@autopack/contract/auth'
import type { BodyOf } from '@autopack/contract/route'
import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'

/** The session of this browser; null: nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<Session | null> => {
    try {
      return await call(getSession, { signal })
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'not_signed_in') return null
      throw error
    }
  },
  staleTime: 60_000,
})

export const signInMutation = mutationOptions({
  mutationFn: (body: BodyOf<typeof login>) => call(login, { body }),
})

export const signOutMutation = mutationOptions({
  mutationFn: () => call(logout, { body: {} }),
})

export const activityMutation = mutationOptions({
  mutationFn: () => call(recordActivity, { body: {} }),
})

export const changePasswordMutation = mutationOptions({
  mutationFn: (body: BodyOf<typeof changePassword>) => call(changePassword, { body }),
})

export const ownSessionsQuery = queryOptions({
  queryKey: ['own-sessions'],
  queryFn: ({ signal }) => call(listSessions, { signal }),
})

export const revokeSessionMutation = mutationOptions({
  mutationFn: (sessionId: string) => call(revokeSession, { params: { session_id: sessionId }, body: {} }),
})
