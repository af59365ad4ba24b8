import { createCall } from '@autopack/api-client/call'
import type { Call, Transport } from '@autopack/api-client/call'
import { ApiProblem, Unreachable } from '@autopack/api-client/errors'
import { fetchTransport } from '@autopack/api-client/fetch-transport'
import { login, logout } from '@autopack/contract/auth'
import type { Session } from '@autopack/contract/auth'
import { consolePath } from '@autopack/contract/route'

export type ConsoleSession = {
  call: Call
  operator: Session['operator']
  /** What a request must carry, for those that stream an answer. */
  headers: () => Record<string, string>
  origin: string
  signOut: () => Promise<void>
}

/** Signs in at the console the way a browser does: its own origin, the CSRF header, the cookie it got. Throws as `call` does. */
export async function openConsoleSession(origin: string, credentials: { name: string; password: string }): Promise<ConsoleSession> {
  let cookie = ''
  const headers = () => ({ origin, 'x-csrf': '1', ...(cookie === '' ? {} : { cookie }) })
  const send = fetchTransport(origin, headers)
  const transport: Transport = async (request, route) => {
    const answer = await send(request, route)
    const set = answer.header('set-cookie')
    if (route.id === 'login' && set !== null) cookie = set.split(';', 1)[0]!
    return answer
  }
  const call = createCall(transport, { path: consolePath })
  const { operator } = await call(login, { body: credentials })
  return { call, operator, headers, origin, signOut: () => call(logout, { body: {} }) }
}

/** One line for a person about a call that failed. */
export function describeFailure(error: unknown, origin: string): string {
  if (error instanceof ApiProblem) return `${error.problem.title}: ${error.problem.detail}`
  if (error instanceof Unreachable) return `The console at ${origin} does not answer: start it with npm start, or name it with CONSOLE_ORIGIN.`
  return error instanceof Error ? error.message : String(error)
}
