/** A real nginx with the real configuration, as an unprivileged process in a folder of its own. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { findNginx } from './find-nginx.ts'
import { placeNginx } from './place-nginx.ts'
import type { NginxPlace } from './place-nginx.ts'
import { unprivilegedUser } from './unprivileged-user.ts'

export type RunningNginx = {
  accessLog: () => string
  errorLog: () => string
  stop: () => Promise<void>
}

const startLimitMs = 15_000

export async function startNginx(root: string, place: NginxPlace): Promise<RunningNginx> {
  const program = findNginx()
  const placed = placeNginx(root, place)
  const read = (name: string) => (existsSync(join(placed.directory, name)) ? readFileSync(join(placed.directory, name), 'utf8') : '')
  const child = spawn(program, ['-p', placed.directory, '-e', join(placed.directory, 'error.log'), '-c', placed.configuration, '-g', 'daemon off;'], {
    ...unprivilegedUser(),
    cwd: placed.directory,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let output = ''
  child.stderr.on('data', (part: Buffer) => (output += part.toString()))
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = async () => {
    // Streams may be open: an orderly end would wait for them.
    child.kill('SIGTERM')
    await ended
    placed.remove()
  }
  const deadline = Date.now() + startLimitMs
  while (!(await accepts(place.tls?.port ?? place.port))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      const why = `${output}${read('error.log')}`
      await stop()
      throw new Error(`nginx did not start:\n${why}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  return { accessLog: () => read('access.log'), errorLog: () => read('error.log'), stop }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.destroy() && resolve(true))
    socket.once('error', () => resolve(false))
  })
}
