import { fork, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
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

test('whoever lets go twice closes no file of somebody else', () => {
  const directory = folder()
  const unlock = lockDirectory(directory)
  unlock()
  const file = openSync(join(directory, 'of somebody else'), 'w')
  unlock()
  writeSync(file, 'x')
  closeSync(file)
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

test('of several that find a dead owner at the same moment, one takes its place', async () => {
  const directory = folder()
  const racer = join(directory, 'racer.mjs')
  // Each waits for the go with the lock's code loaded, tries once a round, and keeps what it got until it is told.
  writeFileSync(
    racer,
    `import { lockDirectory } from ${JSON.stringify(join(import.meta.dirname, 'directory-lock.ts'))}
    process.on('message', ({ directory, at }) => {
      while (Date.now() < at);
      let won = true
      try { lockDirectory(directory) } catch (error) { won = error.name === 'DirectoryLocked' ? false : error.message }
      process.send(won)
    })
    process.send('loaded')`,
  )
  const racers = Array.from({ length: 4 }, () => fork(racer))
  await Promise.all(racers.map((child) => once(child, 'message')))
  for (let round = 0; round < 40; round += 1) {
    const contested = join(directory, String(round))
    lockDirectory(contested)()
    writeFileSync(join(contested, 'owner.lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }))
    const at = Date.now() + 20
    const answers = Promise.all(racers.map((child) => once(child, 'message')))
    for (const child of racers) child.send({ directory: contested, at })
    expect((await answers).map(([won]) => String(won)).toSorted()).toEqual(['false', 'false', 'false', 'true'])
    expect(readdirSync(contested)).toEqual(['owner.lock'])
  }
  for (const child of racers) child.kill()
})

test('an owner in another container holds the directory as long as it touches its lock, whatever its process id is here', () => {
  const directory = folder()
  const file = join(directory, 'owner.lock')
  const elsewhere = JSON.stringify({ pid: process.pid, started: 'there', place: 'another boot pid:[1]' })
  writeFileSync(file, elsewhere)
  expect(() => lockDirectory(directory)).toThrow(/of another container or machine/)
  expect(findDirectoryOwner(directory)).toBe(process.pid)
  const before = new Date(Date.now() - 31_000)
  utimesSync(file, before, before)
  lockDirectory(directory)()
  expect(readdirSync(directory)).toEqual([])
})

test('an owner goes on touching its own lock, and never that of somebody who came in its place', async () => {
  const directory = folder()
  const file = join(directory, 'owner.lock')
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const unlock = lockDirectory(directory)
    const text = readFileSync(file, 'utf8')
    const before = new Date(Date.now() - 20_000)
    utimesSync(file, before, before)
    vi.advanceTimersByTime(6_000)
    expect(statSync(file).mtimeMs).toBeGreaterThan(before.getTime() + 10_000)
    expect(readFileSync(file, 'utf8')).toBe(text)
    rmSync(file)
    writeFileSync(file, 'another owner')
    utimesSync(file, before, before)
    vi.advanceTimersByTime(6_000)
    expect(statSync(file).mtimeMs).toBeLessThan(before.getTime() + 1_000)
    unlock()
    expect(readFileSync(file, 'utf8')).toBe('another owner')
  } finally {
    vi.useRealTimers()
  }
})
