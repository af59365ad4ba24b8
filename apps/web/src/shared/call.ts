import { createCall, type Call } from '@autopack/api-client/call'
import { fetchTransport } from '@autopack/api-client/fetch-transport'
import { consolePath } from '@autopack/contract/route'
import { observeServerTime } from './server-clock.ts'

// The header cannot be set by a form of another site, which is the point of it.
const send = createCall(
  fetchTransport('', () => ({ 'x-csrf': '1' })),
  { path: consolePath },
)

/** Calls a route of the contract at this origin; throws ApiProblem, Unreachable or OutsideContract. Keeps the server's clock in view. */
export const call: Call = async (route, input) => {
  const answer = await send(route, input)
  const now: unknown = (answer as { now?: unknown } | undefined)?.now
  if (typeof now === 'string') observeServerTime(now)
  return answer
}
