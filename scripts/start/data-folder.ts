import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findDirectoryOwner, lockDirectory } from '@autopack/server-kit/directory-lock'
import { StartRefused } from './start-refused.ts'

const marker = 'autopack-console.json'
/** What the processes make when they are started one by one, without the marker. */
const ownNames = new Set(['control-plane', 'bff', 'artifacts', 'demo-shop', 'demo-agent', 'logs', 'secrets', 'running.json', 'owner.lock', marker])
const lockedFolders = ['', 'control-plane', 'bff', 'demo-shop', 'demo-agent']

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
    refuseWhenUsed(folder)
    if (fresh) rmSync(folder, { recursive: true })
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const release = lockDirectory(folder)
  writeFileSync(join(folder, marker), '{"made_by":"autopack-console"}\n', { mode: 0o600 })
  return release
}

function isOwnName(name: string): boolean {
  return ownNames.has(name) || name.startsWith('demo-agent-once-')
}

function refuseWhenUsed(folder: string): void {
  for (const name of lockedFolders) {
    const owner = findDirectoryOwner(join(folder, name))
    if (owner === null) continue
    const what = name === '' ? 'A copy of Autopack Console is running' : `The ${name} of an earlier start is still running`
    throw new StartRefused(`${what} with ${folder} (process ${owner}): stop it first, or use --data-dir and other ports for a second one.`)
  }
}
