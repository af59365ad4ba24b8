import type { Artifact } from '@autopack/contract/artifacts'
import { Empty } from '../../shared/empty.tsx'
import { formatBytes } from '../../shared/format-bytes.ts'
import { ImageViewer } from './image-viewer.tsx'
import { TextViewer } from './text-viewer.tsx'
import { describeWithheld } from './withheld-words.ts'

/** One version of one artifact as what it is; what is kept back says why. */
export function ArtifactViewer({ runId, artifact }: { runId: string; artifact: Artifact }) {
  const withheld = describeWithheld(artifact.withheld)
  if (withheld) {
    return (
      <Empty title={withheld.title}>
        <p className="muted">
          {artifact.media_type}, {formatBytes(artifact.size_bytes)}. {withheld.why}
        </p>
        <p className="muted">{withheld.who}</p>
      </Empty>
    )
  }
  if (artifact.shown_as === 'text') return <TextViewer runId={runId} artifact={artifact} />
  if (artifact.shown_as === 'image') return <ImageViewer runId={runId} artifact={artifact} />
  return (
    <Empty title="Not shown here">
      <p className="muted">
        {artifact.media_type}, {formatBytes(artifact.size_bytes)}. The console draws only text and images. No secret was found in the bytes; the
        download keeps them as they are and runs nothing.
      </p>
    </Empty>
  )
}
