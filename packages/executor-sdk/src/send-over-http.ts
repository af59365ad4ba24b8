import { NotSent, ProviderRefused } from './executor-errors.ts'
import { findNotSentCode } from './find-not-sent-code.ts'
import type { Sending } from './perform.ts'

/**
 * Answers of 4xx that do not say that nothing was done, or nothing will be:
 * 408 (RFC 9110, 15.5.9) comes from whoever stopped waiting for the rest of a request, which may be a gateway behind which it went on;
 * 409 (RFC 9110, 15.5.10) is a conflict with the state of things, and that state may be this very execution, made or still in progress;
 * 425 (RFC 8470, 5.2) is about this moment only: the same request may be taken later, and may be repeated by whoever stands between.
 * 429 (RFC 6585, 4) is not among them: a request over the limit is turned away, and nobody keeps it for later.
 */
const undecided = new Set([408, 409, 425])

export type ProviderAnswer = { status: number; json: unknown }

/**
 * Sends the approved bytes to `origin`, once: method, path and body from the payload, `execution_id` as the idempotency key,
 * credentials as `headers`. Follows no redirect, so that neither bytes nor credentials reach anyone else.
 * Answers with a 2xx; throws `NotSent` when no connection came about, `ProviderRefused` for a 4xx that says that nothing was done, Error (outcome unknown) otherwise.
 */
export async function sendOverHttp(origin: string, sending: Sending, headers: Record<string, string>): Promise<ProviderAnswer> {
  let response: Response
  try {
    response = await fetch(`${origin}${sending.path}`, {
      method: sending.method,
      headers: {
        ...headers,
        ...(sending.content_type !== null && { 'content-type': sending.content_type }),
        accept: 'application/json',
        'idempotency-key': sending.execution_id,
      },
      body: sending.content_type === null ? undefined : sending.request_bytes,
      redirect: 'manual',
      signal: AbortSignal.timeout(30_000),
    })
  } catch (error) {
    const code = findNotSentCode(error)
    if (code !== null) throw new NotSent(code.toLowerCase(), `no connection to ${origin}`, { cause: error })
    throw error
  }
  const text = await response.text()
  if (response.status >= 200 && response.status < 300) return { status: response.status, json: parseJson(text) }
  if (response.status >= 400 && response.status < 500 && !undecided.has(response.status)) {
    throw new ProviderRefused(`http_${response.status}`, `the provider answered ${response.status}: ${text.slice(0, 300)}`)
  }
  const why = response.status >= 300 && response.status < 400 ? 'a redirect, which is never followed' : text.slice(0, 300)
  throw new Error(`the provider answered ${response.status}: ${why}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
