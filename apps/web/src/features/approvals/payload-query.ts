import type { ExternalAction } from '@autopack/contract/external-actions'
import { getExternalActionPayload } from '@autopack/contract/operator-actions'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'

/**
 * What reads, hashes and draws a payload, with its list of words: a sixth of the page, and of no use before the bytes are here. So it is
 * loaded beside them.
 */
export function loadReader() {
  return import('./read-proposal.ts')
}

/** The payload's bytes of one revision, and how to read them. They never change, so they are read once. */
export function payloadQuery(actionId: string, revision: number) {
  return queryOptions({
    queryKey: ['external-actions', 'payload', actionId, revision],
    queryFn: async ({ signal }) => {
      const [answer, { readProposal, loadDescriptorOf }] = await Promise.all([
        call(getExternalActionPayload, { params: { action_id: actionId }, query: { revision }, signal }),
        loadReader(),
      ])
      // An answer of kind `bytes` has no schema, so its type says undefined; it is always the whole body.
      const bytes = answer as unknown as Uint8Array
      const descriptor = await loadDescriptorOf(bytes)
      return { bytes, readProposal: (action: ExternalAction) => readProposal(action, bytes, descriptor) }
    },
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
}
