import type { Artifact } from '@autopack/contract/artifacts'

/** Markdown cannot be seen in the bytes: a text that is named so is offered as a document, beside its source. */
export function isMarkdown(artifact: Pick<Artifact, 'path' | 'shown_as'>): boolean {
  return artifact.shown_as === 'text' && /\.(?:md|markdown)$/i.test(artifact.path)
}
