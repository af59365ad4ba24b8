import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DirectoryLocked, findDirectoryOwner, lockDirectory } from '@autopack/server-kit/directory-lock'
import { StartRefused } from './start-refused.ts'

const marker = 'autopack-console.json'
/** What the processes make when they are started one by one, without the marker. */
const lockName = 'owner.lock'
const ownNames = new Set([
  'control-plane',
  'bff',
  'artifacts',
  'checkpoints',
  'demo-shop',
  'demo-agent',
  'logs',
  'secrets',
  'running.json',
  lockName,
  marker,
])
const lockedFolders = ['control-plane', 'bff', 'checkpoints', 'demo-shop', 'demo-agent']

/**
 * Opens the data folder for this start alone: 0700, marked as ours, locked. `fresh` deletes what an earlier start left, after checking
 * that it is one of ours and that nothing uses it. Returns the function that lets go. Throws StartRefused.
 */
export function openDataFolder(folder: string, fresh: boolean): () => void {
  if (existsSync(folder)) {
    if (!lstatSync(folder).isDirectory()) throw new StartRefused(`${folder} is not a folder; choose another with --data-dir.`)
    const strange = existsSync(join(folder, marker)) ? undefined : readdirSync(folder).find((name) => !isOwnName(name))
    if (strange !== undefined) {
      throw new StartRefused(`${folder} was not made by this program (it holds ${strange}), so it is not touched; choose another with --data-dir.`)
    }
  }
  createFolder(folder)
  chmodSync(folder, 0o700)
  // Before anything is looked at or deleted: another start may be as far as this one.
  const release = lockForThisStart(folder)
  try {
    refuseWhenUsed(folder)
    if (fresh) for (const name of readdirSync(folder)) if (name !== lockName) rmSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, marker), '{"made_by":"autopack-console"}\n', { mode: 0o600 })
    return release
  } catch (error) {
    release()
    throw error
  }
}

/** One level at a time: where nothing can be made, as in /proc, Node's own recursion never ends. */
function createFolder(folder: string): void {
  if (existsSync(folder)) return
  const parent = dirname(folder)
  createFolder(parent)
  try {
    mkdirSync(folder, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // Another start may have made it just now.
    if (code === 'EEXIST' && existsSync(folder)) return
    throw new StartRefused(`${folder} cannot be made: ${parent} takes no new folder (${code}); choose another with --data-dir.`)
  }
}

function lockForThisStart(folder: string): () => void {
  try {
    return lockDirectory(folder)
  } catch (error) {
    if (!(error instanceof DirectoryLocked)) throw error
    throw refuseUsed('A copy of Autopack Console is running', folder, error.pid)
  }
}

function isOwnName(name: string): boolean {
  return ownNames.has(name) || name.startsWith('demo-agent-once-')
}

function refuseWhenUsed(folder: string): void {
  for (const name of lockedFolders) {
    const owner = findDirectoryOwner(join(folder, name))
    if (owner === null) continue
    throw refuseUsed(`The ${name} of an earlier start is still running`, folder, owner)
  }
}

function refuseUsed(what: string, folder: string, owner: number): StartRefused {
  return new StartRefused(`${what} with ${folder} (process ${owner}): stop it first, or use --data-dir and other ports for a second one.`)
}
