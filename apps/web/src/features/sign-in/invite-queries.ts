import { acceptInvite, readInvite } from '@autopack/contract/invites'
import type { BodyOf } from '@autopack/contract/route'
import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'

/** Whom the invite is for. Asked once: each wrong token is paid for. */
export const inviteQuery = (token: string | null) =>
  queryOptions({
    queryKey: ['invite', token],
    queryFn: ({ signal }) => call(readInvite, { body: { token: token ?? '' }, signal }),
    enabled: token !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const acceptInviteMutation = mutationOptions({
  mutationFn: (body: BodyOf<typeof acceptInvite>) => call(acceptInvite, { body }),
})
