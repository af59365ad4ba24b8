import type { HashedFile } from './hash-files.ts'

export type Duplicates = {
  /** Groups of files with the same bytes, most wasted bytes first. */
  groups: Array<{ sha256: string; size_bytes: number; paths: string[]; wasted_bytes: number }>
  /** Files beyond the first of each group. */
  copies: number
  wasted_bytes: number
}

/** Files whose SHA-256 is equal; empty files are all alike and do not count. */
export function findDuplicates(files: readonly HashedFile[]): Duplicates {
  const byHash = new Map<string, HashedFile[]>()
  for (const file of files) {
    if (file.size_bytes > 0) byHash.set(file.sha256, [...(byHash.get(file.sha256) ?? []), file])
  }
  const groups = [...byHash.values()]
    .filter((group) => group.length > 1)
    .map((group) => {
      const size_bytes = group[0]!.size_bytes
      return { sha256: group[0]!.sha256, size_bytes, paths: group.map((file) => file.path), wasted_bytes: size_bytes * (group.length - 1) }
    })
    .toSorted((a, b) => b.wasted_bytes - a.wasted_bytes || (a.sha256 < b.sha256 ? -1 : 1))
  return {
    groups,
    copies: groups.reduce((sum, group) => sum + group.paths.length - 1, 0),
    wasted_bytes: groups.reduce((sum, group) => sum + group.wasted_bytes, 0),
  }
}
