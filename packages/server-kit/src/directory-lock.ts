/**
 * One process at a time in a directory: in an embedded database's a second one would lose rows without a word, in that of the checkpoints it would
 * sign another past. The lock names the process by id and start time, so a crashed owner, or a new process with its old id, does not hold it.
 * Processes of another container or machine have ids of their own, which say nothing here: they hold the directory as long as they go on touching
 * the lock.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { closeSync, linkSync, mkdirSync, openSync, readFileSync, readlinkSync, rmSync, statSync, unlinkSync, writeFileSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

export class DirectoryLocked extends Error {
  override readonly name = 'DirectoryLocked'
  readonly pid: number
  constructor(directory: string, pid: number, isElsewhere = false) {
    super(
      isElsewhere
        ? `${directory} is in use by process ${pid} of another container or machine; stop it first, and wait ${leaseSeconds} s if it was killed`
        : `${directory} is in use by process ${pid}; stop it first, or choose another folder`,
    )
    this.pid = pid
  }
}

/** `place`: where its process id means something. */
type Owner = { pid: number; started: string; place?: string }

/** An owner elsewhere that did not touch its lock for so long is gone. */
const leaseSeconds = 30
const touchMs = 5_000

/** Creates the directory (0700) when missing. Returns the function that lets go. Throws DirectoryLocked. */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const file = join(directory, 'owner.lock')
  const own: Owner = { pid: process.pid, started: startOf(process.pid) ?? '', place }
  const draft = `${file}.${process.pid}.${Date.now()}`
  const text = JSON.stringify(own)
  writeFileSync(draft, text, { mode: 0o600 })
  try {
    for (let attempt = 0; ; attempt += 1) {
      try {
        // link(2) fails when the name exists and never shows a half-written file, unlike open(O_EXCL) and write.
        linkSync(draft, file)
        break
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
        const found = readText(file)
        const owner = toLiveOwner(found, ageSeconds(file, draft))
        if (owner || attempt >= 100) throw new DirectoryLocked(directory, owner?.pid ?? 0, (owner?.place ?? place) !== place)
        if (!removeDead(file, found, draft)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      }
    }
  } finally {
    unlinkSync(draft)
  }
  // The file itself, not its name: where somebody else came while this process stood still, nothing of theirs is touched.
  const lock = openSync(file, 'r+')
  const touching = setInterval(() => touch(lock, text), touchMs)
  touching.unref()
  let isHeld = true
  return () => {
    // Closed again, its descriptor would by then be that of another file.
    if (!isHeld) return
    isHeld = false
    clearInterval(touching)
    closeSync(lock)
    if (readText(file) === text) rmSync(file, { force: true })
  }
}

/** Written again, so that it is the file system that says when: its clock is everybody's. */
function touch(lock: number, text: string): void {
  try {
    writeSync(lock, text, 0)
  } catch {
    // It is tried again; whoever waits for it waits longer than that.
  }
}

function ageSeconds(file: string, draft: string): number {
  try {
    return (statSync(draft).mtimeMs - statSync(file).mtimeMs) / 1_000
  } catch {
    return 0
  }
}

/** The process that holds the directory, or null. */
export function findDirectoryOwner(directory: string): number | null {
  const file = join(directory, 'owner.lock')
  const touched = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return toLiveOwner(readText(file), (Date.now() - touched) / 1_000)?.pid ?? null
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
    if (!toLiveOwner(readText(turn), ageSeconds(turn, draft))) rmSync(turn, { force: true })
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

function toLiveOwner(text: string | null, age: number): Owner | null {
  try {
    const owner = JSON.parse(text ?? '') as Owner
    if (!Number.isInteger(owner.pid) || typeof owner.started !== 'string') return null
    // Locks of an earlier version do not say where.
    return ((owner.place ?? place) === place ? startOf(owner.pid) === owner.started : age < leaseSeconds) ? owner : null
  } catch {
    return null
  }
}

const place = findPlace()

/** The process ids of one start of one machine, and on Linux of one container. */
function findPlace(): string {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return hostname()
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
