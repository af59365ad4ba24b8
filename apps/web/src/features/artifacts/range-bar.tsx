import type { Artifact } from '@autopack/contract/artifacts'
import type { ReactNode } from 'react'
import { formatBytes } from '../../shared/format-bytes.ts'
import { formatCount } from '../../shared/format-count.ts'
import { Icon } from '../../shared/icon.tsx'
import type { ShownRange } from './shown-range.ts'

type Parts = {
  isError: boolean
  isFetching: boolean
  hasPreviousPage: boolean
  hasNextPage: boolean
  fetchPreviousPage: () => unknown
  fetchNextPage: () => unknown
}

/** Which bytes of how many are shown, and the way to the others. */
export function RangeBar({ range, artifact, parts, children }: { range: ShownRange; artifact: Artifact; parts: Parts; children?: ReactNode }) {
  return (
    <div className="rangebar">
      <Icon name="cut" />
      <span>
        <b>
          {formatBytes(range.toByte - range.fromByte)} of {formatBytes(range.totalBytes)} shown.
        </b>{' '}
        <span className="muted tn">
          Bytes {formatCount(range.fromByte)} to {formatCount(range.toByte)}
          {(artifact.redactions?.count ?? 0) > 0 && ' of the redacted text'}
        </span>
      </span>
      <span className="end">
        {parts.isError && <span className="err">The next part could not be read.</span>}
        {children}
        {parts.hasPreviousPage && (
          <button className="btn" type="button" disabled={parts.isFetching} onClick={() => void parts.fetchPreviousPage()}>
            Previous 256 KiB
          </button>
        )}
        {parts.hasNextPage && (
          <button className="btn" type="button" disabled={parts.isFetching} onClick={() => void parts.fetchNextPage()}>
            Next 256 KiB
          </button>
        )}
      </span>
    </div>
  )
}
