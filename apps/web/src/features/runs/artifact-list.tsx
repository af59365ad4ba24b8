import type { Artifact } from '@autopack/contract/artifacts'
import { Link } from '../../shared/link.tsx'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { toArtifactIcon, toArtifactLink } from '../../shared/artifact-icon.ts'
import { formatBytes } from '../../shared/format-bytes.ts'
import { Icon } from '../../shared/icon.tsx'

/** Links to the viewer, with sizes. */
export function ArtifactList({ runId, artifacts }: { runId: string; artifacts: readonly Artifact[] }) {
  return (
    <ul className="files">
      {artifacts.map((artifact) => (
        <li key={artifact.path}>
          <Icon name={toArtifactIcon(artifact)} />
          <Link className="clip v" dir="auto" to={toArtifactLink(runId, artifact.path)} title={toAgentWords(artifact.path)}>
            <VisibleText text={toAgentWords(artifact.path)} />
          </Link>
          <span className="muted tn">{formatBytes(artifact.size_bytes)}</span>
        </li>
      ))}
    </ul>
  )
}
