import type { Artifact } from '@autopack/contract/artifacts'
import { useState } from 'react'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { formatCount } from '../../shared/format-count.ts'
import { toRawAddress } from './raw-address.ts'

/** An image as the image it really is; the server says which types that may be. */
export function ImageViewer({ runId, artifact }: { runId: string; artifact: Artifact }) {
  const [size, setSize] = useState<{ width: number; height: number } | 'broken' | null>(null)
  return (
    <figure className="picture">
      {size === 'broken' ? (
        <p className="muted">This image could not be drawn. Its bytes can still be downloaded.</p>
      ) : (
        <img
          src={toRawAddress(runId, artifact.path, artifact.sha256, false)}
          alt={`Written by the agent: ${toAgentWords(artifact.path)}`}
          onLoad={(event) => setSize({ width: event.currentTarget.naturalWidth, height: event.currentTarget.naturalHeight })}
          onError={() => setSize('broken')}
        />
      )}
      {size !== null && size !== 'broken' && (
        <figcaption className="muted tn">
          {formatCount(size.width)} × {formatCount(size.height)} pixels
        </figcaption>
      )}
    </figure>
  )
}
