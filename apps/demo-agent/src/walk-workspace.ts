import { opendir, lstat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

const fileLimit = 200_000
const byteLimit = 2 * 1000 ** 3

export type FoundFile = { path: string; size_bytes: number }
export type Walk = {
  /** Paths relative to the workspace with `/`, in the order of the walk. */
  files: FoundFile[]
  size_bytes: number
  folders: number
  symlinks: number
  /** What could not be read, as `path (code)`. */
  unreadable: string[]
  /** Why the walk ended before the folder did, in words; null: it saw everything. */
  stopped_at: string | null
}

type Progress = (done: number) => void

/**
 * Every regular file below `workspace`, at most 200,000 files or 2 GB. Symbolic links are counted and never followed, `.git` and
 * `skipped` (absolute folders) are left out; what cannot be read is counted. Throws only when the signal aborts.
 */
export async function walkWorkspace(
  workspace: string,
  options: { skipped: readonly string[]; onProgress: Progress; signal: AbortSignal; fileLimit?: number; byteLimit?: number },
): Promise<Walk> {
  const limits = { files: options.fileLimit ?? fileLimit, bytes: options.byteLimit ?? byteLimit }
  const skipped = new Set(options.skipped.map((folder) => resolve(folder)))
  const walk: Walk = { files: [], size_bytes: 0, folders: 0, symlinks: 0, unreadable: [], stopped_at: null }
  const waiting = ['']
  while (waiting.length > 0 && walk.stopped_at === null) {
    options.signal.throwIfAborted()
    const folder = waiting.pop()!
    const entries = await listFolder(workspace, folder, walk)
    for (const entry of entries) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isSymbolicLink()) walk.symlinks += 1
      else if (entry.isDirectory()) {
        if (entry.name !== '.git' && !skipped.has(resolve(workspace, path))) waiting.push(path)
      } else if (entry.isFile()) {
        walk.stopped_at = await addFile(workspace, path, walk, limits)
        if (walk.stopped_at !== null) break
      }
    }
    options.onProgress(walk.files.length)
  }
  return walk
}

async function listFolder(workspace: string, folder: string, walk: Walk) {
  try {
    const entries = []
    for await (const entry of await opendir(join(workspace, folder))) entries.push(entry)
    walk.folders += 1
    return entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    walk.unreadable.push(`${folder || '.'} (${(error as NodeJS.ErrnoException).code})`)
    return []
  }
}

async function addFile(workspace: string, path: string, walk: Walk, limits: { files: number; bytes: number }): Promise<string | null> {
  if (walk.files.length >= limits.files) return `${limits.files.toLocaleString('en')} files`
  try {
    const { size } = await lstat(join(workspace, path))
    if (walk.size_bytes + size > limits.bytes) return `${(limits.bytes / 1e9).toLocaleString('en')} GB`
    walk.files.push({ path, size_bytes: size })
    walk.size_bytes += size
  } catch (error) {
    walk.unreadable.push(`${path} (${(error as NodeJS.ErrnoException).code})`)
  }
  return null
}
