import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { isOutOfReach } from './take-over-checkpoints.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoints-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a folder that is not there, or that this process can write into, is no witness', async () => {
  expect(await isOutOfReach(join(folder, 'nowhere'))).toBe(false)
  expect(await isOutOfReach(folder)).toBe(false)
})

test('a folder that this process can only read is one', async () => {
  chmodSync(folder, 0o555)
  // Nothing keeps root from writing.
  const somebody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  const module = pathToFileURL(join(import.meta.dirname, 'take-over-checkpoints.ts')).href
  const script = `import { isOutOfReach } from ${JSON.stringify(module)}; console.log(await isOutOfReach(${JSON.stringify(folder)}))`
  const asked = spawnSync(process.execPath, ['--input-type=module', '-e', script], { ...somebody, encoding: 'utf8' })
  expect([asked.stdout.trim(), asked.stderr]).toEqual(['true', ''])
})
