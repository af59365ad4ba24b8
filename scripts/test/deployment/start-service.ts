import { spawn } from 'node:child_process'
import { chownSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { ImageTree } from './build-image-tree.ts'
import type { ComposeService } from './read-compose.ts'

/** Where what a compose file names is on this machine: one place that says how. */
export type DeploymentPlace = {
  image: ImageTree
  /** Has a folder for each service, which stands for its /run/secrets; and the folder of the volumes. */
  secrets: string
  volumes: string
  /** What is written in the file → what it is here: hosts with ports, listening addresses, origins. */
  here: Readonly<Record<string, string>>
}

export type StartedService = {
  output: () => string
  uid: number
  /** Status and how long the end took; the process may end by itself or be told to. */
  ended: Promise<{ status: number | null; signal: string | null }>
  /** Asks as the compose file says, until it is healthy. */
  waitUntilHealthy: () => Promise<void>
  stop: () => Promise<{ status: number | null; signal: string | null }>
}

const healthyLimitMs = 60_000

/** Starts the process of a service: its command, its environment, its user, from the files of the image. */
export function startService(name: string, service: ComposeService, place: DeploymentPlace): StartedService {
  const user = toUser(service)
  // Each has a folder of its own for its data; whoever mounts another volume shares it.
  const mounts = new Map([['/app', place.image.app]])
  for (const volume of service.volumes ?? []) {
    const [source, target] = volume.split(':')
    if (target !== '/data' && target !== '/checkpoints') continue
    const folder = join(place.volumes, target === '/data' ? name : source!)
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid!)
    mounts.set(target, folder)
  }
  const here: Readonly<Record<string, string>> = { ...place.here, '/run/secrets/': `${join(place.secrets, name)}/` }
  // In one pass, so that nothing that was replaced is replaced again; what is longer goes first.
  const there = new RegExp(
    Object.keys(here)
      .toSorted((a, b) => b.length - a.length)
      .map((text) => RegExp.escape(text))
      .join('|'),
    'g',
  )
  const toHere = (text: string) => text.replace(/^\/[a-z]+(?=\/|$)/, (mount) => mounts.get(mount) ?? mount).replaceAll(there, (found) => here[found]!)
  const env: NodeJS.ProcessEnv = { PATH: '/usr/bin:/bin', NODE_ENV: 'production' }
  for (const [variable, value] of Object.entries(service.environment ?? {})) env[variable] = toHere(value)
  const options = { cwd: place.image.app, env, ...user, stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] }
  const child = spawn(place.image.node, service.command!, options)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
  const ended = new Promise<{ status: number | null; signal: string | null }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => resolve({ status, signal }))
  })
  const ask = () => {
    const [kind, program, ...parameters] = service.healthcheck?.test ?? []
    if (kind !== 'CMD' || program !== 'node') throw new Error(`${name} has a healthcheck that is not node`)
    const asked = spawn(place.image.node, parameters.map(toHere), { ...options, stdio: 'ignore' })
    return new Promise<boolean>((resolve) => asked.once('close', (status) => resolve(status === 0)))
  }
  return {
    output: () => output,
    uid: user.uid ?? process.getuid!(),
    ended,
    async waitUntilHealthy() {
      const deadline = Date.now() + healthyLimitMs
      while (!(await ask())) {
        if (child.exitCode !== null || Date.now() > deadline) throw new Error(`${name} did not get healthy:\n${output}`)
        await delay(100)
      }
    },
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** The user of the compose file where that can be had, which takes root; else whoever runs the tests, who must not be root. */
function toUser(service: ComposeService): { uid?: number; gid?: number } {
  if (process.getuid!() !== 0) return {}
  const [uid, gid] = (service.user ?? '').split(':').map(Number)
  if (!uid || !gid) throw new Error('the compose file lets the process run as root')
  return { uid, gid }
}
