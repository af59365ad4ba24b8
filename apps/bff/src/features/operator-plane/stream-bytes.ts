/** Files, payloads and exports: passed through as they come, with an allow-list of headers and of types. */
import type { ServerResponse } from 'node:http'
import { requestTarget } from '@autopack/api-client/call'
import type { Route } from '@autopack/contract/route'
import { apiHeaders } from '@autopack/server-kit/create-app'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../../deps.ts'
import { endDisabledSession } from '../../shared/end-disabled-session.ts'
import { toPassage } from '../../shared/passage.ts'
import type { SessionRow } from '../../shared/session-rows.ts'
import { passBytes } from './pass-bytes.ts'

const passedOn = ['range', 'if-range', 'if-none-match', 'traceparent']
const passedBack = ['content-type', 'content-length', 'content-range', 'content-disposition', 'accept-ranges', 'etag', 'retry-after']
/** What a browser may open by itself, under the policy of `apiHeaders`. Anything else is a download, whatever it says it is. */
const inlineTypes = /^(text\/plain|image\/(png|jpeg|gif|webp)|application\/json|application\/x-ndjson)(;|$)/

export async function streamBytes(deps: Deps, route: Route, input: RouteInput<Route, SessionRow>): Promise<Response> {
  // Nobody reads the body of a HEAD, so an upstream stream would stay open behind it.
  if (input.c.req.method === 'HEAD') throw new ProblemError('method_not_allowed', 'This path takes GET.')
  const leaving = new AbortController()
  input.signal.addEventListener('abort', () => leaving.abort(), { once: true })
  const request = { requestId: input.requestId, signal: leaving.signal, header: (name: string) => input.c.req.header(name) }
  const target = requestTarget(route, input.c.req.param(), input.query)
  const accept = route.answer.kind === 'ndjson' ? 'application/x-ndjson' : '*/*'
  const upstream = await deps.controlPlane
    .open(target, toPassage(input.principal, request, passedOn), accept)
    .catch((error: unknown) => endDisabledSession(deps, input.principal, error))

  const headers = new Headers()
  for (const name of [...passedBack, ...(route.answer.headers ?? []).filter((each) => each.startsWith('x-'))]) {
    const value = upstream.headers[name]
    if (typeof value === 'string') headers.set(name, value)
  }
  if (!inlineTypes.test(headers.get('content-type') ?? '')) {
    headers.set('content-type', 'application/octet-stream')
    if (!headers.get('content-disposition')?.startsWith('attachment')) headers.set('content-disposition', 'attachment')
  }
  // Two policies are both enforced: the control plane's can only make ours narrower.
  const policy = upstream.headers['content-security-policy']
  if (typeof policy === 'string') headers.set('content-security-policy', `${apiHeaders['content-security-policy']}, ${policy}`)
  if (upstream.statusCode === 304) {
    await upstream.body.dump()
    return new Response(null, { status: 304, headers })
  }
  const body = passBytes(upstream.body, {
    outgoing: (input.c.env as { outgoing?: ServerResponse } | undefined)?.outgoing,
    onBroken: (error) => deps.log.warn({ request_id: input.requestId, code: (error as NodeJS.ErrnoException).code }, 'a stream was cut off'),
    onLeft: () => leaving.abort(),
  })
  return new Response(body, { status: upstream.statusCode, headers })
}
