import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findBaseImages } from './find-base-images.ts'

const root = join(import.meta.dirname, '../..')
const digest = `sha256:${'a'.repeat(64)}`
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pin-images-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The edge to the registries: a docker that answers as `script` says. */
function pin(script: string, ...parameters: string[]) {
  writeFileSync(join(folder, 'docker'), `#!/bin/sh\necho "$@" >> '${folder}/asked'\n${script}\n`, { mode: 0o755 })
  const ended = spawnSync(process.execPath, [join(root, 'scripts/pin-images.ts'), '--output', 'images.env', ...parameters], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: [folder, process.env['PATH']].join(delimiter) },
  })
  const file = join(folder, 'images.env')
  return { status: ended.status, error: ended.stderr, written: existsSync(file) ? readFileSync(file, 'utf8') : null }
}

test('every base image and one’s own gets the digest that its registry answers', () => {
  const pinned = pin(`echo '{"mediaType":"x","digest":"${digest}","size":1}'`, '--server', 'images.example.org/autopack/server:1.2.0')
  const base = Object.entries(findBaseImages(root)).map(([name, image]) => `${name}=${image}@${digest}\n`)
  expect(base.length).toBe(3)
  expect(pinned).toEqual({
    status: 0,
    error: '',
    written: `${base.join('')}AUTOPACK_SERVER_IMAGE=images.example.org/autopack/server:1.2.0@${digest}\n`,
  })
  expect(readFileSync(join(folder, 'asked'), 'utf8')).toContain('buildx imagetools inspect --format {{json .Manifest}} node:')
})

test.each([
  ['a tag that is not there', 'echo "ERROR: not found" >&2; exit 1', 'not found'],
  ['an answer without a digest', "echo '{}'", 'without a digest'],
  ['an answer that is no JSON', 'echo latest', 'without a digest'],
  ['a digest that is none', 'echo \'{"digest":"sha256:abc"}\'', 'without a digest'],
])('%s writes nothing, and is one line', (_what, script, why) => {
  const pinned = pin(script)
  expect(pinned).toMatchObject({ status: 1, written: null })
  expect(pinned.error).toContain(why)
  expect(pinned.error.trim().split('\n').length).toBe(1)
})
