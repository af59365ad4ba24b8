/** The guard of `/api/*` and of the plain brake page, before routing: a pure rule over what arrived (security.md, "CSRF and the guard"). */
import { ProblemError } from '@autopack/server-kit/problem-error'
import { plainBrakePath } from './plain-brake-path.ts'

/** `path`: as it came over the wire, without the query. */
export type Arrived = { method: string; path: string; header: (name: string) => string | undefined }

const overrides = ['x-http-method-override', 'x-http-method', 'x-method-override']

/** Null when the request may go on. */
export function refusedRequest(request: Arrived, origin: string): ProblemError | null {
  const forged = (detail: string) => new ProblemError('forged_request', detail)
  if (request.header('host') !== new URL(origin).host) return forged(`This is not the console's address; open ${origin}.`)
  if (overrides.some((name) => request.header(name) !== undefined)) return forged('A method cannot be overridden by a header.')
  const site = request.header('sec-fetch-site')
  if (request.method === 'GET' || request.method === 'HEAD') {
    if (site === undefined || site === 'same-origin' || site === 'none') return null
    // A link in a chat may lead to the page, as to any other; it comes without the session's cookie, and a GET changes nothing.
    if (request.path === plainBrakePath && request.header('sec-fetch-mode') === 'navigate') return null
    return forged('Another site may not read from the console.')
  }
  if (site !== undefined && site !== 'same-origin') return forged('Another site may not change anything here.')
  if (request.header('origin') !== origin) return forged("The request does not name the console's origin.")
  // A form can send neither the header nor JSON. Here the token in the form, which the page checks, stands for the header.
  if (request.path === plainBrakePath && request.method === 'POST') {
    if (request.header('content-type') === 'application/x-www-form-urlencoded') return null
    return new ProblemError('unsupported_media_type', 'Send the form of this page as it is.')
  }
  if (request.header('x-csrf') !== '1') return forged('The header X-CSRF: 1 is missing.')
  if (request.header('content-type') !== 'application/json') {
    return new ProblemError('unsupported_media_type', 'Send the body as application/json, without parameters.')
  }
  return null
}
