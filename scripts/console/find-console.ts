import { join } from 'node:path'
import { readDemoFile } from '../start/demo-secrets.ts'
import { findRunning } from './running-file.ts'

export type ConsoleAccess = { origin: string; credentials: { name: string; password: string } }

/**
 * Where a command signs in, and as whom; null: nothing runs with this folder and no other console is named. The demo admin's password goes
 * to the console that runs with its own data folder and nowhere else: whatever listens elsewhere (CONSOLE_ORIGIN) gets only what
 * AUTOPACK_ADMIN_NAME and AUTOPACK_ADMIN_PASSWORD say. Throws Error with one line for a person.
 */
export function findConsole(dataDir: string, environment: NodeJS.ProcessEnv): ConsoleAccess | null {
  const running = findRunning(dataDir)?.console ?? null
  const named = environment.CONSOLE_ORIGIN || null
  if (named !== null && !isOrigin(named)) throw new Error('CONSOLE_ORIGIN is not an origin: write it like http://localhost:4600, without a path.')
  const origin = named ?? running
  if (origin === null) return null
  const { AUTOPACK_ADMIN_NAME: name, AUTOPACK_ADMIN_PASSWORD: password } = environment
  if (name && password) return { origin, credentials: { name, password } }
  if (origin !== running) {
    const fact = running === null ? `Nothing runs with ${dataDir}` : `${dataDir} runs at ${running}`
    throw new Error(`${fact}, and CONSOLE_ORIGIN is ${origin}: set AUTOPACK_ADMIN_NAME and AUTOPACK_ADMIN_PASSWORD for it, or unset it.`)
  }
  const admin = readDemoFile(join(dataDir, 'secrets', 'demo.json')).operators.find((operator) => operator.role === 'admin')
  if (admin === undefined) throw new Error('Nobody to sign in as: set AUTOPACK_ADMIN_NAME and AUTOPACK_ADMIN_PASSWORD.')
  return { origin, credentials: { name: admin.name, password: admin.password } }
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text
}
