import type { Transport } from './call.ts'

/**
 * Transport over `fetch` for the browser and the SDK. `headers` are added to every request (names in lower case).
 * Redirects are never followed: a redirect would hand the key to whoever it names.
 */
export function fetchTransport(origin: string, headers: () => Record<string, string>): Transport {
  return async (request, route) => {
    const timeout = AbortSignal.timeout(request.timeoutMs)
    const response = await fetch(`${origin}${request.target}`, {
      method: request.method,
      headers: { ...request.headers, ...headers() },
      body: request.body,
      redirect: 'manual',
      cache: 'no-store',
      signal: request.signal ? AbortSignal.any([request.signal, timeout]) : timeout,
    })
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400 && response.status !== 304)) {
      throw new Error(`${route.id} was answered with a redirect, which is never followed`)
    }
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      bytes: async () => new Uint8Array(await response.arrayBuffer()),
    }
  }
}
