import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { DirectoryLocked, findDirectoryOwner, lockDirectory } from './directory-lock.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'lock-'))

test('a second owner is refused and told which process holds the directory', () => {
  const directory = folder()
  const unlock = lockDirectory(directory)
  expect(() => lockDirectory(directory)).toThrow(DirectoryLocked)
  expect(findDirectoryOwner(directory)).toBe(process.pid)
  unlock()
  expect(findDirectoryOwner(directory)).toBeNull()
  lockDirectory(directory)()
})

test('a process that was killed, or another one with its old id, does not hold the directory', () => {
  const directory = folder()
  const gone = spawnSync(process.execPath, ['-e', '0'])
  writeFileSync(join(directory, 'owner.lock'), JSON.stringify({ pid: gone.pid, started: '1' }))
  lockDirectory(directory)()
  writeFileSync(join(directory, 'owner.lock'), JSON.stringify({ pid: process.pid, started: 'another start' }))
  lockDirectory(directory)()
  writeFileSync(join(directory, 'owner.lock'), 'torn')
  lockDirectory(directory)()
})
