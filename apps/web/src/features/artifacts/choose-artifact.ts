import type { Artifact } from '@autopack/contract/artifacts'

/**
 * Which file is shown, and what is known of it by now. What is being read stays as it is: a newer version of it waits until it is asked for,
 * and a name that sorts before it takes nothing away. Both are undefined while the index does not hold the wanted name.
 */
export function chooseArtifact(
  artifacts: readonly Artifact[],
  wantedPath: string | null,
  reading: Artifact | undefined,
): { shown: Artifact | undefined; newest: Artifact | undefined } {
  const path = wantedPath ?? reading?.path
  const newest = artifacts.find((artifact) => artifact.path === path) ?? (wantedPath === null ? artifacts[0] : undefined)
  return { shown: newest !== undefined && newest.path === reading?.path ? reading : newest, newest }
}
