import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findDirectoryOwner } from '@autopack/server-kit/directory-lock'

/** Where the processes of a start are found by the other commands. */
export type Running = { pid: number; console: string; control_plane: string; shop: string; workspace: string }

export function writeRunningFile(dataDir: string, running: Running): void {
  writeFileSync(join(dataDir, 'running.json'), `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 })
}

export function removeRunningFile(dataDir: string): void {
  rmSync(join(dataDir, 'running.json'), { force: true })
}

/** Null: nothing was started with this folder, or what was started is gone. */
export function findRunning(dataDir: string): Running | null {
  const path = join(dataDir, 'running.json')
  if (!existsSync(path)) return null
  try {
    const running = JSON.parse(readFileSync(path, 'utf8')) as Running
    // The lock tells a start from a later process with its id: who asks may be about to send a password there.
    return findDirectoryOwner(dataDir) === running.pid ? running : null
  } catch {
    return null
  }
}
