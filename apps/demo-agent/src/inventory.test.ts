import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findDuplicates } from './find-duplicates.ts'
import { findLicences, recognizeLicence } from './find-licences.ts'
import { hashFiles } from './hash-files.ts'
import { recognizeKind } from './recognize-kind.ts'
import { walkWorkspace } from './walk-workspace.ts'

const signal = new AbortController().signal
const quiet = { onProgress: () => undefined, signal }
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'inventory-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(folder, path, '..'), { recursive: true })
  writeFileSync(join(folder, path), content)
}

async function inventory() {
  const walk = await walkWorkspace(folder, { skipped: [], ...quiet })
  return { walk, hashing: await hashFiles(folder, walk.files, { onFile: () => undefined, signal }) }
}

describe('the walk', () => {
  test('finds every regular file and leaves out .git and the folders it is told to leave out', async () => {
    write('a.txt', 'one')
    write('deep/er/b.txt', 'two')
    write('.git/config', 'no')
    write('.autopack/secrets/key', 'no')
    const walk = await walkWorkspace(folder, { skipped: [join(folder, '.autopack')], ...quiet })
    expect(walk.files.map((file) => file.path).toSorted()).toEqual(['a.txt', 'deep/er/b.txt'])
    expect(walk.size_bytes).toBe(6)
    expect(walk.stopped_at).toBeNull()
  })

  test('counts symbolic links and follows none, not even a circle or one that leads out', async () => {
    write('real/a.txt', 'one')
    symlinkSync(folder, join(folder, 'real/circle'))
    symlinkSync('/etc/passwd', join(folder, 'passwd'))
    const walk = await walkWorkspace(folder, { skipped: [], ...quiet })
    expect(walk.files.map((file) => file.path)).toEqual(['real/a.txt'])
    expect(walk.symlinks).toBe(2)
  })

  test('stops at the bound of files or of bytes and says at which', async () => {
    for (const name of ['a', 'b', 'c', 'd']) write(name, '0123456789')
    const byFiles = await walkWorkspace(folder, { skipped: [], ...quiet, fileLimit: 3 })
    expect([byFiles.files.length, byFiles.stopped_at]).toEqual([3, '3 files'])
    const byBytes = await walkWorkspace(folder, { skipped: [], ...quiet, byteLimit: 25 })
    expect([byBytes.files.length, byBytes.stopped_at]).toEqual([2, '0 GB'])
  })

  test('a folder that cannot be read is counted, not fatal', async () => {
    const walk = await walkWorkspace(join(folder, 'nothing'), { skipped: [], ...quiet })
    expect(walk.unreadable).toEqual(['. (ENOENT)'])
    expect(walk.files).toEqual([])
  })

  test('ends when it is told to', async () => {
    await expect(walkWorkspace(folder, { skipped: [], ...quiet, signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop')
  })
})

describe('hashing', () => {
  test('hashes the whole of each file, small and larger than one part', async () => {
    const large = new Uint8Array(700_000).fill(65)
    write('large.txt', large)
    write('small.txt', 'x')
    const { hashing } = await inventory()
    expect(hashing.files.map((file) => file.sha256)).toEqual([large, 'x'].map((content) => createHash('sha256').update(content).digest('hex')))
    expect(hashing.bytes_read).toBe(700_001)
  })

  test('a file that became a link, or went away, since the walk is unreadable rather than followed', async () => {
    write('a', 'one')
    write('b', 'two')
    const walk = await walkWorkspace(folder, { skipped: [], ...quiet })
    rmSync(join(folder, 'a'))
    rmSync(join(folder, 'b'))
    symlinkSync('/etc/passwd', join(folder, 'b'))
    const hashing = await hashFiles(folder, walk.files, { onFile: () => undefined, signal })
    expect(hashing.files).toEqual([])
    expect(hashing.unreadable.toSorted()).toEqual(['a (ENOENT)', 'b (ELOOP)'])
  })
})

describe('understanding', () => {
  test.each([
    ['app.ts', 'let a', 'source', false],
    ['app.d.ts', 'export {}', 'type declarations', false],
    ['notes.md', '\u007fELF', 'program', true],
    ['photo.png', 'not a picture', 'image', true],
    ['logo.svg', '<svg/>', 'image', false],
    ['LICENSE', 'MIT', 'documentation', false],
    ['mystery', 'plain words', 'other text', false],
    ['mystery', 'a\0b', 'other binary', false],
    ['blob', '\u001f\u008b', 'archive', false],
  ])('%s that begins with %j is %s', (path, head, kind, disguised) => {
    expect(recognizeKind(path, Buffer.from(head, 'latin1'))).toEqual({ kind, disguised })
  })

  test('licences are counted per package, in every form manifests have used, and texts are recognised by their wording', async () => {
    write('package.json', '{"name":"root","license":"MIT"}')
    write('m/a/package.json', '{"name":"a","version":"1.0.0","license":"ISC"}')
    write('m/b/package.json', '{"name":"b","version":"2.0.0","license":{"type":"ISC"}}')
    write('m/c/package.json', '{"name":"c","licenses":[{"type":"Apache-2.0"}]}')
    write('m/d/package.json', '{"name":"d"}')
    write('m/esm/package.json', '{"type":"module"}')
    write('m/broken/package.json', '{')
    write('m/a/LICENSE', 'Permission is hereby granted, free of charge, to any person\n   obtaining a copy of this software')
    write('m/b/LICENSE.txt', 'All rights reserved.')
    const { hashing } = await inventory()
    const licences = await findLicences(folder, hashing.files, quiet)
    expect(licences.by_licence.map(({ licence, packages }) => [licence, packages])).toEqual([
      ['ISC', ['a@1.0.0', 'b@2.0.0']],
      ['Apache-2.0', ['c']],
      ['MIT', ['root']],
    ])
    expect(licences.undeclared).toEqual(['d'])
    expect(licences.texts).toEqual({ MIT: 1 })
    expect(licences.unrecognized_texts).toEqual(['m/b/LICENSE.txt'])
  })

  test('a text that no rule knows is not guessed', () => {
    expect(recognizeLicence('You may do as you like, within reason.')).toBeNull()
  })

  test('copies are files with the same bytes, most wasteful first; empty files are no copies', async () => {
    for (const name of ['a', 'b', 'c']) write(name, 'small')
    for (const name of ['d', 'e']) write(name, 'a good deal larger than the small ones')
    for (const name of ['f', 'g']) write(name, '')
    const { hashing } = await inventory()
    const duplicates = findDuplicates(hashing.files)
    expect(duplicates.groups.map((group) => group.paths)).toEqual([
      ['d', 'e'],
      ['a', 'b', 'c'],
    ])
    expect(duplicates.copies).toBe(3)
    expect(duplicates.wasted_bytes).toBe(38 + 10)
  })
})
