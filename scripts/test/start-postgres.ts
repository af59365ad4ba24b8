/**
 * A throwaway PostgreSQL for the tests: Debian's binaries where present or installable, else the ones that ship on npm,
 * always as an unprivileged user in a folder of its own under the system's temporary folder.
 */
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findPostgres } from './find-postgres.ts'
import { freePort } from './free-port.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

export type RunningPostgres = {
  url: string
  version: string
  /** Where its socket is, and where its programs are. */
  socketDirectory: string
  bin: string
  stop: () => Promise<void>
}

/** How a compose file starts the database; without one, everybody who reaches it is trusted. */
export type PostgresAsDeployed = { initdbArguments: readonly string[]; serverArguments: readonly string[]; superuser: string; password: string }

/** `wanted`: settings of the server, over those below. */
export async function startPostgres(
  deployed: PostgresAsDeployed | null = null,
  wanted: Readonly<Record<string, string>> = {},
): Promise<RunningPostgres> {
  const bin = findPostgres()
  const directory = mkdtempSync(join(tmpdir(), 'autopack-postgres-'))
  // PostgreSQL refuses to run as root.
  const user = unprivilegedUser()
  if (user.uid !== undefined) chownSync(directory, user.uid, user.gid!)
  const data = join(directory, 'data')
  const run = (program: string, args: string[]) =>
    execFileSync(join(bin, program), args, {
      ...user,
      cwd: directory,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' },
      stdio: 'pipe',
    })
  const superuser = deployed?.superuser ?? 'autopack'
  const passwordFile = join(directory, 'password')
  if (deployed) {
    writeFileSync(passwordFile, deployed.password, { mode: 0o444 })
    // The socket is for every user, as in the volume of a compose file; what is behind it asks for a password.
    chmodSync(directory, 0o755)
  }
  const access = deployed ? [...deployed.initdbArguments, `--pwfile=${passwordFile}`] : ['--auth=trust']
  run('initdb', ['-D', data, '-U', superuser, ...access, '--encoding=UTF8', '--no-sync'])
  rmSync(passwordFile, { force: true })
  // In a folder of its own, a socket may have the name that clients expect.
  const port = deployed ? 5432 : await freePort()
  // Durability is not what these tests are about; crashes of the server are tested with settings of their own.
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: directory,
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '200',
    ...wanted,
  }
  const given = [...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]), ...(deployed?.serverArguments ?? [])]
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...given], {
    ...user,
    cwd: directory,
    stdio: 'ignore',
  })
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const stop = async () => {
    server.kill('SIGINT')
    await gone
    rmSync(directory, { recursive: true, force: true })
  }
  const url = deployed
    ? `postgresql://${superuser}:${encodeURIComponent(deployed.password)}@${encodeURIComponent(directory)}/postgres`
    : `postgresql://autopack@127.0.0.1:${port}/postgres`
  const deadline = Date.now() + 30_000
  for (;;) {
    if (await answers(url)) break
    if (server.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error('PostgreSQL did not start')
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return { url, version: run('postgres', ['--version']).trim(), socketDirectory: directory, bin, stop }
}

async function answers(url: string): Promise<boolean> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 1_000 })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.end()
    return true
  } catch {
    return false
  }
}
