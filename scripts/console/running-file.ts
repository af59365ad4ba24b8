import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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
    process.kill(running.pid, 0)
    return running
  } catch {
    return null
  }
}
