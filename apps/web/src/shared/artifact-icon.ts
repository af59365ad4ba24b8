import type { Artifact } from '@autopack/contract/artifacts'
import type { IconName } from './icon.tsx'

/** By what the bytes are, not by the name. */
export function toArtifactIcon(artifact: Pick<Artifact, 'media_type' | 'shown_as' | 'path'>): IconName {
  if (artifact.shown_as === 'image') return 'image'
  if (artifact.media_type.includes('json')) return 'json'
  if (artifact.media_type.includes('html')) return 'page'
  if (artifact.shown_as === 'text' && artifact.path.endsWith('.log')) return 'log'
  return 'file'
}

/** Link to the viewer: names travel only as `?path=`. */
export function toArtifactLink(runId: string, path: string): string {
  return `/runs/${runId}/artifacts?path=${encodeURIComponent(path)}`
}
