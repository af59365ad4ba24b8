import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDiskArtifactStore } from '../features/artifacts/disk-artifact-store.ts'
import type { ArtifactStore } from '../shared/artifact-store.ts'

/** An artifact store in a folder of its own; `close` removes the folder. */
export async function openTestArtifactStore(): Promise<{ artifactStore: ArtifactStore; directory: string; close: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'autopack-artifacts-'))
  return { artifactStore: createDiskArtifactStore(directory), directory, close: () => rm(directory, { recursive: true, force: true }) }
}
