/** One HTTP request exactly as written: no client that normalises paths, follows redirects or keeps cookies. */
import { request } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

export type Sent = { status: number; headers: IncomingHttpHeaders; text: string }

export type RequestText = { method?: string; path: string; headers?: Record<string, string>; body?: string; signal?: AbortSignal }

export async function sendRequest(port: number, text: RequestText): Promise<Sent> {
  const answer = await openRequest(port, text)
  const parts: Buffer[] = []
  for await (const part of answer) parts.push(part as Buffer)
  return { status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(parts).toString('utf8') }
}

/** The answer with its body still to come. */
export function openRequest(port: number, text: RequestText): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: '127.0.0.1', port, method: text.method ?? 'GET', path: text.path, headers: text.headers ?? {}, agent: false, signal: text.signal },
      resolve,
    )
    sent.on('error', reject)
    sent.end(text.body)
  })
}

export function codeOf(sent: Sent): string {
  return (JSON.parse(sent.text) as { code: string }).code
}
