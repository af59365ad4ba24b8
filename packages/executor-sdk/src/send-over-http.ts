import { NotSent, ProviderRefused } from './executor-errors.ts'
import type { Sending } from './perform.ts'

/** Errors that can only happen while no connection exists, so that no byte of the request was written. */
const beforeConnecting = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
])

export type ProviderAnswer = { status: number; json: unknown }

/**
 * Sends the approved bytes to `origin`, once: method, path and body from the payload, `execution_id` as the idempotency key,
 * credentials as `headers`. Follows no redirect, so that neither bytes nor credentials reach anyone else.
 * Answers with a 2xx; throws `NotSent` when no connection came about, `ProviderRefused` for a 4xx, Error (outcome unknown) otherwise.
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
    const code = findNetworkCode(error)
    if (code !== null && beforeConnecting.has(code)) throw new NotSent(code.toLowerCase(), `no connection to ${origin}`, { cause: error })
    throw error
  }
  const text = await response.text()
  if (response.status >= 200 && response.status < 300) return { status: response.status, json: parseJson(text) }
  if (response.status >= 400 && response.status < 500) {
    throw new ProviderRefused(`http_${response.status}`, `the provider answered ${response.status}: ${text.slice(0, 300)}`)
  }
  const why = response.status >= 300 && response.status < 400 ? 'a redirect, which is never followed' : text.slice(0, 300)
  throw new Error(`the provider answered ${response.status}: ${why}`)
}

/** One code for all attempts of a happy-eyeballs connection; null when they differ or there is none. */
function findNetworkCode(error: unknown): string | null {
  const cause = (error as Error).cause
  if (cause instanceof AggregateError && cause.errors.length > 0) {
    const codes = cause.errors.map((inner) => (inner as NodeJS.ErrnoException).code ?? '')
    return codes.every((code) => beforeConnecting.has(code)) ? codes[0]! : null
  }
  return (cause as NodeJS.ErrnoException | undefined)?.code ?? null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
