import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { chownSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { findPostgres } from '../../test/find-postgres.ts'
import { unprivilegedUser } from '../../test/unprivileged-user.ts'
import { pollUntil } from './poll-until.ts'
import { within } from './within.ts'

/** A PostgreSQL with the settings it ships with, so that a commit that was answered is on the disk. It listens on a socket only. */
export type DurablePostgres = {
  socketDirectory: string
  socketFile: string
  superuser: string
  start: () => Promise<void>
  /** SIGKILL of the server and of every process it started, as when a machine's memory runs out; answers once all are gone. */
  kill: () => Promise<void>
  stop: () => Promise<void>
}

const superuser = 'autopack'
const readyMs = 60_000

/** Makes the cluster in `directory`; it is not started yet. */
export function openDurablePostgres(directory: string): DurablePostgres {
  const bin = findPostgres()
  const user = unprivilegedUser()
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid!)
  const data = join(directory, 'data')
  const environment = { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' }
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', superuser, '--auth=trust', '--encoding=UTF8', '--no-sync'], {
    ...user,
    cwd: directory,
    env: environment,
    stdio: 'pipe',
  })
  let server: ChildProcess | null = null

  async function end(signal: (process: ChildProcess) => void): Promise<void> {
    const ending = server
    server = null
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return
    const gone = new Promise<void>((resolve) => ending.once('exit', () => resolve()))
    signal(ending)
    await within(30_000, 'PostgreSQL to end', gone)
  }

  return {
    socketDirectory: directory,
    socketFile: join(directory, '.s.PGSQL.5432'),
    superuser,
    async start() {
      const log = openSync(join(directory, 'postgres.log'), 'a', 0o600)
      const started = spawn(join(bin, 'postgres'), ['-D', data, '-c', 'listen_addresses=', '-c', `unix_socket_directories=${directory}`], {
        ...user,
        cwd: directory,
        env: environment,
        stdio: ['ignore', log, log],
      })
      closeSync(log)
      server = started
      await pollUntil(readyMs, 'PostgreSQL to answer', async () => {
        if (started.exitCode !== null) throw new Error(`PostgreSQL ended with status ${started.exitCode}; its log is in ${directory}`)
        return answers(directory)
      })
    },
    async kill() {
      let children: number[] = []
      await end((process_) => {
        // Stopped first, so that it starts no further process between the listing and the kill. Each has a session of its own, so
        // that no process group holds them all.
        process_.kill('SIGSTOP')
        children = listChildren(process_.pid!)
        for (const pid of children) process.kill(pid, 'SIGKILL')
        process_.kill('SIGKILL')
      })
      await pollUntil(10_000, "PostgreSQL's processes to be gone", async () => children.every((pid) => !isAlive(pid)))
    },
    stop: () => end((process_) => process_.kill('SIGINT')),
  }
}

async function answers(host: string): Promise<boolean> {
  const client = new pg.Client({ host, user: superuser, database: 'postgres', connectionTimeoutMillis: 1_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}

function listChildren(parent: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => line.trim().split(/\s+/).map(Number)).flatMap(([pid, ppid]) => (ppid === parent ? [pid!] : []))
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
