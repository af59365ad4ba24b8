import { canonicalize } from '@autopack/approval-proof/canonical-json'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { diffLeaves, type LeafDiff } from './diff-leaves.ts'
import { earlierPayloadQuery, precedentsQuery, type EarlierPayload, type Precedents } from './precedent-queries.ts'
import type { Proposal } from './read-proposal.ts'

type Earlier = NonNullable<Precedents['last_approved']>
export type Comparison =
  | { kind: 'loading' }
  /** Nothing like it was approved before. */
  | { kind: 'none' }
  /** There may be one, and it is not known. */
  | { kind: 'failed'; words: string; error: unknown; retry: () => void }
  | { kind: 'compared'; earlier: Earlier; diff: LeafDiff }

/** This proposal against the one of its kind and target that was approved last; equal is only what was computed to be. */
export function useComparison(action: ExternalAction, proposal: Proposal): { precedents: Precedents | undefined; comparison: Comparison } {
  const precedents = useQuery(precedentsQuery(action.action_id))
  const last = precedents.data?.last_approved ?? null
  // Approved meanwhile, it is its own precedent: there is nothing to compare.
  const earlier = last !== null && last.action_id === action.action_id && last.revision === proposal.revision ? null : last
  const payload = useQuery({
    ...earlierPayloadQuery(earlier ?? { action_id: '', revision: 0, payload_hash: '' }),
    enabled: earlier !== null,
  })
  const comparison = useMemo((): Comparison => {
    if (precedents.data === undefined) {
      if (precedents.error === null) return { kind: 'loading' }
      return { kind: 'failed', words: 'What was decided before could not be read.', error: precedents.error, retry: () => void precedents.refetch() }
    }
    if (earlier === null) return { kind: 'none' }
    if (payload.data === undefined) {
      if (payload.error === null) return { kind: 'loading' }
      return { kind: 'failed', words: 'The one approved last could not be read.', error: payload.error, retry: () => void payload.refetch() }
    }
    const words = findWhyNot(payload.data, proposal)
    if (words !== null || 'unusable' in payload.data) return { kind: 'failed', words: words ?? '', error: null, retry: () => void payload.refetch() }
    return { kind: 'compared', earlier, diff: diffLeaves(payload.data, { payload: proposal.payload!, rendered: proposal.rendered! }) }
  }, [precedents, earlier, payload, proposal])
  return { precedents: precedents.data, comparison }
}

/** Why these two cannot be compared, whatever the server says of them; null: they can. */
export function findWhyNot(earlier: EarlierPayload, { payload, rendered }: Pick<Proposal, 'payload' | 'rendered'>): string | null {
  if ('unusable' in earlier) return earlier.unusable
  if (payload === null || rendered === null) return 'These bytes cannot be read as a payload.'
  const other = earlier.payload
  if (other.provider !== payload.provider || other.operation !== payload.operation) return 'What the server named is of another kind.'
  return canonicalize(other.target) === canonicalize(payload.target) ? null : 'What the server named is about another target.'
}
