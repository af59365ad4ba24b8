import { previewArtifact } from '@autopack/contract/artifacts'
import { previewDefaultBytes } from '@autopack/contract/limits'
import { infiniteQueryOptions } from '@tanstack/react-query'
import { call } from '../../shared/call.ts'

export type Part = { at: 'tail' } | { at: 'byte'; fromByte: number; maxBytes: number }

/** Parts of one version of a text, growing in both directions; `sha256` pins the version, so that parts always fit together. */
export function previewQuery(runId: string, path: string, sha256: string, end: boolean) {
  return infiniteQueryOptions({
    queryKey: ['artifacts', runId, 'preview', path, sha256, end ? 'end' : 'start'],
    queryFn: ({ pageParam, signal }) =>
      call(previewArtifact, {
        params: { run_id: runId },
        query: {
          path,
          sha256,
          ...(pageParam.at === 'tail'
            ? { tail: '1', max_bytes: previewDefaultBytes }
            : { from_byte: pageParam.fromByte, max_bytes: pageParam.maxBytes }),
        },
        signal,
      }),
    initialPageParam: (end ? { at: 'tail' } : { at: 'byte', fromByte: 0, maxBytes: previewDefaultBytes }) as Part,
    getNextPageParam: (last): Part | undefined =>
      last.to_byte < last.redacted_size_bytes && last.to_byte > last.from_byte
        ? { at: 'byte', fromByte: last.to_byte, maxBytes: previewDefaultBytes }
        : undefined,
    getPreviousPageParam: (first): Part | undefined => {
      if (first.from_byte === 0) return undefined
      const fromByte = Math.max(0, first.from_byte - previewDefaultBytes)
      return { at: 'byte', fromByte, maxBytes: first.from_byte - fromByte }
    },
    // A version never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })
}
