import { loadDescriptor } from '@autopack/action-catalog/load-descriptor'
import { readPayload, type Payload } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { renderAction, type RenderedAction } from '@autopack/approval-proof/render-action'
import { getExternalActionPayload, listPrecedents } from '@autopack/contract/operator-actions'
import type { AnswerOf } from '@autopack/contract/route'
import { queryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'

export type Precedents = AnswerOf<typeof listPrecedents>

/** What was decided about this kind of action on this target before. */
export function precedentsQuery(actionId: string) {
  return queryOptions({
    queryKey: ['external-actions', 'precedents', actionId],
    queryFn: ({ signal }) => call(listPrecedents, { params: { action_id: actionId }, signal }),
  })
}

/** An earlier payload as this browser read it; `unusable` says why nothing may be compared with it. */
export type EarlierPayload = { payload: Payload; rendered: RenderedAction } | { unusable: string }

/** The bytes that were approved before. They never change, so they are read once; their hash is checked here. */
export function earlierPayloadQuery(earlier: { action_id: string; revision: number; payload_hash: string }) {
  return queryOptions({
    queryKey: ['external-actions', 'earlier-payload', earlier.action_id, earlier.revision, earlier.payload_hash],
    queryFn: async ({ signal }): Promise<EarlierPayload> => {
      const { action_id, revision } = earlier
      const answer = await call(getExternalActionPayload, { params: { action_id }, query: { revision }, signal })
      // An answer of kind `bytes` has no schema, so its type says undefined; it is always the whole body.
      const bytes = answer as unknown as Uint8Array
      if (payloadHash(bytes) !== earlier.payload_hash) return { unusable: 'The bytes that came for it are not the ones that were approved.' }
      const read = readPayload(bytes)
      if (!read.ok) return { unusable: 'Its bytes cannot be read as a payload.' }
      const descriptor = await loadDescriptor(read.payload.provider, read.payload.operation)
      return { payload: read.payload, rendered: renderAction(read.payload, descriptor) }
    },
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  })
}
