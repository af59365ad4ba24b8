import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { ArtifactStore } from '../../shared/artifact-store.ts'

/**
 * Objects as `<directory>/<first two digits>/<sha256>`. An object appears under its name only when it is complete and on
 * the disk: written under a temporary name, synced, renamed. Two writers of the same bytes end with the same file.
 */
export function createDiskArtifactStore(directory: string): ArtifactStore {
  const pathOf = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error('an object is named by 64 hex digits')
    return join(directory, sha256.slice(0, 2), sha256)
  }
  const size = async (sha256: string) => {
    try {
      return (await stat(pathOf(sha256))).size
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
      throw error
    }
  }
  return {
    size,
    put: async (bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      const stored = { sha256, size_bytes: bytes.byteLength }
      if ((await size(sha256)) === bytes.byteLength) return stored
      const drafts = join(directory, 'draft')
      const shelf = join(directory, sha256.slice(0, 2))
      await mkdir(drafts, { recursive: true, mode: 0o700 })
      await mkdir(shelf, { recursive: true, mode: 0o700 })
      const draft = join(drafts, randomUUID())
      try {
        await writeSynced(draft, bytes)
        await rename(draft, pathOf(sha256))
        await syncDirectory(shelf)
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
      return stored
    },
    open: async (sha256, range) => {
      const file = await open(pathOf(sha256), 'r')
      if (range && range.to <= range.from) {
        await file.close()
        return new Blob([]).stream()
      }
      const stream = file.createReadStream({ highWaterMark: 256 * 1024, ...(range ? { start: range.from, end: range.to - 1 } : {}) })
      return Readable.toWeb(stream) as ReadableStream<Uint8Array>
    },
    remove: (sha256) => rm(pathOf(sha256), { force: true }),
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** Without it a crash may forget the name although the bytes are there. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r')
  try {
    await directory.sync()
  } finally {
    await directory.close()
  }
}
