import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { recognizeKind } from './recognize-kind.ts'
import type { FileKind } from './recognize-kind.ts'
import type { FoundFile } from './walk-workspace.ts'

export type HashedFile = FoundFile & { sha256: string; kind: FileKind; /** The name says one thing, the bytes another. */ disguised: boolean }
export type Hashing = { files: HashedFile[]; bytes_read: number; unreadable: string[] }

const partBytes = 256 * 1024
const workers = 4

/**
 * Reads every file once: SHA-256 over all of it, its kind from its name and first bytes. Never follows a link that took a file's
 * place meanwhile; what cannot be read is listed as `path (code)`. Throws only when the signal aborts.
 */
export async function hashFiles(
  workspace: string,
  files: readonly FoundFile[],
  options: { onFile: (file: HashedFile, done: number) => void; signal: AbortSignal },
): Promise<Hashing> {
  const hashing: Hashing = { files: [], bytes_read: 0, unreadable: [] }
  let next = 0
  async function work(): Promise<void> {
    const part = Buffer.allocUnsafe(partBytes)
    while (next < files.length) {
      options.signal.throwIfAborted()
      const file = files[next++]!
      try {
        const hashed = await hashFile(workspace, file, part, options.signal)
        hashing.files.push(hashed)
        hashing.bytes_read += hashed.size_bytes
        options.onFile(hashed, hashing.files.length)
      } catch (error) {
        options.signal.throwIfAborted()
        hashing.unreadable.push(`${file.path} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`)
      }
    }
  }
  await Promise.all(Array.from({ length: workers }, work))
  hashing.files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return hashing
}

async function hashFile(workspace: string, file: FoundFile, part: Buffer, signal: AbortSignal): Promise<HashedFile> {
  const handle = await open(join(workspace, file.path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const hash = createHash('sha256')
    let size = 0
    let recognized: { kind: FileKind; disguised: boolean } | null = null
    for (;;) {
      signal.throwIfAborted()
      const { bytesRead } = await handle.read(part, 0, part.length, size)
      if (recognized === null) recognized = recognizeKind(file.path, part.subarray(0, Math.min(bytesRead, 4096)))
      if (bytesRead === 0) break
      hash.update(part.subarray(0, bytesRead))
      size += bytesRead
    }
    return { path: file.path, size_bytes: size, sha256: hash.digest('hex'), ...recognized }
  } finally {
    await handle.close()
  }
}
