/** The guard of `/api/*`, before routing: a pure rule over what arrived (security.md, "CSRF and the guard"). */
import { ProblemError } from '@autopack/server-kit/problem-error'

export type Arrived = { method: string; header: (name: string) => string | undefined }

const overrides = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** Null when the request may go on. */
export function refusedRequest(request: Arrived, origin: string): ProblemError | null {
  const forged = (detail: string) => new ProblemError('forged_request', detail)
  if (request.header('host') !== new URL(origin).host) return forged(`This is not the console's address; open ${origin}.`)
  if (overrides.some((name) => request.header(name) !== undefined)) return forged('A method cannot be overridden by a header.')
  const site = request.header('sec-fetch-site')
  if (request.method === 'GET' || request.method === 'HEAD') {
    return site === undefined || site === 'same-origin' || site === 'none' ? null : forged('Another site may not read from the console.')
  }
  if (site !== undefined && site !== 'same-origin') return forged('Another site may not change anything here.')
  if (request.header('origin') !== origin) return forged("The request does not name the console's origin.")
  if (request.header('x-csrf') !== '1') return forged('The header X-CSRF: 1 is missing.')
  if (request.header('content-type') !== 'application/json') {
    return new ProblemError('unsupported_media_type', 'Send the body as application/json, without parameters.')
  }
  return null
}
