import { request } from 'node:http'

export type RawAnswer = { status: number; headers: Record<string, string | string[] | undefined>; text: string }

/** One HTTP request exactly as written: `fetch` would tidy the path and refuse some headers. */
export function sendRaw(
  origin: string,
  method: string,
  target: string,
  headers: Record<string, string> = {},
  body?: string | Uint8Array,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: hostname,
        port,
        method,
        path: target,
        headers: { host: `${hostname}:${port}`, ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }), ...headers },
        agent: false,
      },
      (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(parts).toString() }))
        response.on('error', reject)
      },
    )
    // A server that refuses a body early may close before all of it was sent; what it answered still counts.
    sent.on('error', reject)
    sent.setTimeout(20_000, () => sent.destroy(new Error('no answer within 20 s')))
    sent.end(body)
  })
}
