import type { Artifact } from '@autopack/contract/artifacts'
import { lazy, Suspense, useMemo } from 'react'
import { useSearchParams } from 'react-router'
import { Empty } from '../../shared/empty.tsx'
import { formatBytes } from '../../shared/format-bytes.ts'
import { Skeleton } from '../../shared/skeleton.tsx'
import { ImageViewer } from './image-viewer.tsx'
import { isMarkdown } from './is-markdown.ts'
import { TextViewer } from './text-viewer.tsx'
import { describeWithheld } from './withheld-words.ts'

const DocumentViewer = lazy(async () => ({ default: (await import('./document-viewer.tsx')).DocumentViewer }))

/** One version of one artifact as what it is; what is kept back says why. `artifacts`: those a document may point to. */
export function ArtifactViewer({ runId, artifact, artifacts }: { runId: string; artifact: Artifact; artifacts: readonly Artifact[] }) {
  const [search] = useSearchParams()
  const names = artifacts.map(({ path }) => path).join('\n')
  const paths = useMemo(() => new Set(names.split('\n')), [names])
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
  if (artifact.shown_as === 'text') {
    // A link to the end of a text means its lines.
    if (!isMarkdown(artifact) || search.get('as') === 'source' || search.get('at') === 'end') return <TextViewer runId={runId} artifact={artifact} />
    return (
      <Suspense fallback={<Skeleton rows={8} label="Reading the document" />}>
        <DocumentViewer runId={runId} artifact={artifact} paths={paths} />
      </Suspense>
    )
  }
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
