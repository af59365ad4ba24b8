import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDiskArtifactStore } from './disk-artifact-store.ts'
import { readFingerprintKey } from './read-fingerprint-key.ts'

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'artifact-store-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const read = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).bytes())

test('what is put comes back whole and in ranges, under its hash and for its owner alone', async () => {
  const store = createDiskArtifactStore(directory)
  const bytes = randomBytes(600_000)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(await store.put(bytes)).toEqual({ sha256, size_bytes: 600_000 })
  expect(await store.put(bytes)).toEqual({ sha256, size_bytes: 600_000 })
  expect(await store.size(sha256)).toBe(600_000)
  expect((await read(await store.open(sha256))).equals(bytes)).toBe(true)
  expect((await read(await store.open(sha256, { from: 5, to: 300_005 }))).equals(bytes.subarray(5, 300_005))).toBe(true)
  expect(await read(await store.open(sha256, { from: 5, to: 5 }))).toHaveLength(0)
  expect((await stat(join(directory, sha256.slice(0, 2), sha256))).mode & 0o777).toBe(0o600)
  expect(await readdir(join(directory, 'draft'))).toEqual([])
})

test('a file that a crash left half written is written again', async () => {
  const store = createDiskArtifactStore(directory)
  const { sha256 } = await store.put(Buffer.from('complete'))
  await writeFile(join(directory, sha256.slice(0, 2), sha256), 'comp')
  await store.put(Buffer.from('complete'))
  expect(String(await read(await store.open(sha256)))).toBe('complete')
})

test('what was removed is gone, and removing it again is not an error', async () => {
  const store = createDiskArtifactStore(directory)
  const { sha256 } = await store.put(Buffer.from('short-lived'))
  await store.remove(sha256)
  await store.remove(sha256)
  expect(await store.size(sha256)).toBeNull()
  await expect(store.open(sha256)).rejects.toThrow('ENOENT')
})

test.each(['../../etc/passwd', '', 'A'.repeat(64), `${'a'.repeat(64)}/x`])(
  'nothing but a hash names an object, so %j never becomes a path',
  async (name) => {
    const store = createDiskArtifactStore(directory)
    await expect(store.size(name)).rejects.toThrow('64 hex digits')
    await expect(store.open(name)).rejects.toThrow('64 hex digits')
  },
)

test('the fingerprint key is made once, kept private, and the same for all who ask at the same time', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => readFingerprintKey(join(directory, 'new'))))
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1)
  expect(keys[0]).toHaveLength(32)
  expect((await stat(join(directory, 'new', 'fingerprint.key'))).mode & 0o777).toBe(0o600)
  expect(await readdir(join(directory, 'new'))).toEqual(['fingerprint.key'])
})
