/** Starts the console once for all tests, and signs each role in once through the real API. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { request } from '@playwright/test'
import { console_, passwordOf, signedInAs } from './running-console.ts'
import type { RoleName } from './running-console.ts'
import { spawnConsole } from './spawn-console.ts'
import { writeWorkspace } from './write-workspace.ts'

export default async function startConsole(): Promise<() => Promise<void>> {
  rmSync(console_.stateDirectory, { recursive: true, force: true })
  mkdirSync(console_.stateDirectory, { recursive: true })
  writeWorkspace(console_.workspace)
  const running = await spawnConsole(console_)
  const stop = async () => writeFileSync(join(console_.stateDirectory, 'start-output.txt'), await running.stop())
  try {
    for (const name of ['admin', 'approver', 'viewer'] as const) await signIn(name)
  } catch (error) {
    await stop()
    throw error
  }
  return stop
}

async function signIn(name: RoleName): Promise<void> {
  const context = await request.newContext({ baseURL: console_.origin, extraHTTPHeaders: { origin: console_.origin, 'x-csrf': '1' } })
  const answer = await context.post('/api/auth/login', { data: { name, password: passwordOf(name) } })
  if (!answer.ok()) throw new Error(`${name} could not sign in: ${answer.status()} ${await answer.text()}`)
  await context.storageState({ path: signedInAs(name) })
  await context.dispose()
}
