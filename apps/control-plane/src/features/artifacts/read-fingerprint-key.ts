import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The key of the fingerprints on redaction chips: one per artifact folder, 32 random bytes in a 0600 file, made at the
 * first use. Whoever comes first wins; a file is never seen half written.
 */
export async function readFingerprintKey(directory: string): Promise<Uint8Array> {
  const file = join(directory, 'fingerprint.key')
  const found = await readKey(file)
  if (found) return found
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const draft = `${file}.${randomUUID()}`
  await writeFile(draft, randomBytes(32), { flag: 'wx', mode: 0o600 })
  try {
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(draft)
  }
  const made = await readKey(file)
  if (!made) throw new Error('the fingerprint key was removed while it was made')
  return made
}

async function readKey(file: string): Promise<Uint8Array | null> {
  try {
    const key = await readFile(file)
    if (key.byteLength !== 32) throw new Error(`${file} does not hold 32 bytes`)
    return new Uint8Array(key)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
