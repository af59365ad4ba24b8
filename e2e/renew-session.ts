import { statSync } from 'node:fs'
import { request } from '@playwright/test'
import { console_, passwordOf, signedInAs } from './running-console.ts'
import type { RoleName } from './running-console.ts'

/** Well inside the five minutes for which a password counts as just shown, with a whole test before it. */
const oldMs = 60_000

/**
 * The browser state of a role, signed in a moment ago: without a passkey an approval asks for the password again once it was typed too long
 * ago. Whoever works with the older session keeps it.
 */
export async function renewSession(role: RoleName): Promise<string> {
  const path = signedInAs(role)
  if (Date.now() - statSync(path).mtimeMs < oldMs) return path
  const context = await request.newContext({ baseURL: console_.origin, extraHTTPHeaders: { origin: console_.origin, 'x-csrf': '1' } })
  const answer = await context.post('/api/auth/login', { data: { name: role, password: passwordOf(role) } })
  if (!answer.ok()) throw new Error(`${role} could not sign in again: ${answer.status()} ${await answer.text()}`)
  await context.storageState({ path })
  await context.dispose()
  return path
}
