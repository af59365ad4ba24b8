/** Starts the console once for all tests, the way a person does, and signs each role in once through the real API. */
import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from '@playwright/test'
import { console_, passwordOf, root, signedInAs } from './running-console.ts'
import type { RoleName } from './running-console.ts'
import { writeWorkspace } from './write-workspace.ts'

const startLimitMs = 60_000

export default async function startConsole(): Promise<() => Promise<void>> {
  rmSync(console_.stateDirectory, { recursive: true, force: true })
  mkdirSync(console_.stateDirectory, { recursive: true })
  writeWorkspace(console_.workspace)
  const child = spawn(
    process.execPath,
    [
      'scripts/start.ts',
      '--fresh',
      ...['--data-dir', console_.dataDirectory],
      ...['--workspace', console_.workspace],
      ...['--port', String(console_.port)],
      ...['--control-plane-port', String(console_.controlPlanePort)],
      ...['--shop-port', String(console_.shopPort)],
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  child.stdout.on('data', (part: Buffer) => (output += part.toString()))
  child.stderr.on('data', (part: Buffer) => (output += part.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
    writeFileSync(join(console_.stateDirectory, 'start-output.txt'), output)
  }
  try {
    await untilReady(
      () => child.exitCode,
      () => output,
    )
    for (const name of ['admin', 'approver', 'viewer'] as const) await signIn(name)
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

async function untilReady(exitCode: () => number | null, output: () => string): Promise<void> {
  const deadline = Date.now() + startLimitMs
  for (;;) {
    if (exitCode() !== null) throw new Error(`the start ended with ${exitCode()}:\n${output()}`)
    if (Date.now() > deadline) throw new Error(`the console was not ready within ${startLimitMs} ms:\n${output()}`)
    // The last line of the start's message; everything before it has been printed by then.
    if (output().includes('Ctrl-C')) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function signIn(name: RoleName): Promise<void> {
  const context = await request.newContext({ baseURL: console_.origin, extraHTTPHeaders: { origin: console_.origin, 'x-csrf': '1' } })
  const answer = await context.post('/api/auth/login', { data: { name, password: passwordOf(name) } })
  if (!answer.ok()) throw new Error(`${name} could not sign in: ${answer.status()} ${await answer.text()}`)
  await context.storageState({ path: signedInAs(name) })
  await context.dispose()
}
