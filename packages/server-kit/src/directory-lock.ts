/**
 * One process at a time in an embedded database's directory: a second one would lose rows without a word. The lock
 * names the process by id and start time, so a crashed owner, or a new process with its old id, does not hold it.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export class DirectoryLocked extends Error {
  override readonly name = 'DirectoryLocked'
  readonly pid: number
  constructor(directory: string, pid: number) {
    super(`${directory} is in use by process ${pid}; stop it first, or choose another folder`)
    this.pid = pid
  }
}

type Owner = { pid: number; started: string }

/** Creates the directory (0700) when missing. Returns the function that lets go. Throws DirectoryLocked. */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, 'owner.lock')
  const own: Owner = { pid: process.pid, started: startOf(process.pid) ?? '' }
  const draft = `${file}.${process.pid}.${Date.now()}`
  writeFileSync(draft, JSON.stringify(own), { mode: 0o600 })
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        // link(2) fails when the name exists and never shows a half-written file, unlike open(O_EXCL) and write.
        linkSync(draft, file)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        const found = readText(file)
        const owner = toLiveOwner(found)
        if (owner || attempt >= 100) throw new DirectoryLocked(directory, owner?.pid ?? 0)
        if (!removeDead(file, found, draft)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      }
    }
  } finally {
    unlinkSync(draft)
  }
  return () => {
    if (toLiveOwner(readText(file))?.pid === process.pid) rmSync(file, { force: true })
  }
}

/** The process that holds the directory, or null. */
export function findDirectoryOwner(directory: string): number | null {
  return toLiveOwner(readText(join(directory, 'owner.lock')))?.pid ?? null
}

/**
 * Removes the lock of a dead owner; false when it is somebody else's turn to. Two that saw the same dead owner must take
 * turns: the second would remove the lock that the first has just made, and both would own the directory.
 */
function removeDead(file: string, found: string | null, draft: string): boolean {
  if (found === null) return true
  const turn = `${file}.${createHash('sha256').update(found).digest('hex').slice(0, 16)}`
  try {
    linkSync(draft, turn)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    if (!toLiveOwner(readText(turn))) rmSync(turn, { force: true })
    return false
  }
  try {
    if (readText(file) === found) rmSync(file, { force: true })
  } finally {
    unlinkSync(turn)
  }
  return true
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function toLiveOwner(text: string | null): Owner | null {
  try {
    const owner = JSON.parse(text ?? '') as Owner
    return Number.isInteger(owner.pid) && typeof owner.started === 'string' && startOf(owner.pid) === owner.started ? owner : null
  } catch {
    return null
  }
}

/** Something that differs between two processes with the same id; null when there is no such process. */
function startOf(pid: number): string | null {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return fields[0] === 'Z' ? null : (fields[19] ?? null)
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null
  } catch {
    return null
  }
}
