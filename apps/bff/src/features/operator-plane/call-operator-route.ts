import type { Route } from '@autopack/contract/route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import type { Deps } from '../../deps.ts'
import { endDisabledSession } from '../../shared/end-disabled-session.ts'
import { toPassage } from '../../shared/passage.ts'
import type { SessionRow } from '../../shared/session-rows.ts'

const passedOn = ['idempotency-key', 'if-none-match', 'if-match', 'traceparent']

/** Builds the call from parsed parts, and answers with the parsed answer. Throws ProblemError. */
export async function callOperatorRoute(deps: Deps, route: Route, input: RouteInput<Route, SessionRow>): Promise<Response> {
  const passage = toPassage(
    input.principal,
    { requestId: input.requestId, signal: input.signal, header: (name) => input.c.req.header(name) },
    passedOn,
  )
  const answer = await deps.controlPlane
    // Parameters as they were written: requestTarget parses them once more and refuses what the contract refuses.
    .call(route, { params: input.c.req.param(), query: input.query, body: input.body } as never, passage)
    .catch((error: unknown) => endDisabledSession(deps, input.principal, error))
  const headers = new Headers(answer.headers)
  if (answer.etag !== null) headers.set('etag', answer.etag)
  if (answer.status === 304 || answer.status === 204) return new Response(null, { status: answer.status, headers })
  headers.set('content-type', 'application/json; charset=utf-8')
  return new Response(JSON.stringify(answer.data), { status: answer.status, headers })
}
