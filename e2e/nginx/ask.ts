import { request as requestPlain } from 'node:http'
import type { IncomingMessage, RequestOptions } from 'node:http'
import { request as requestTls } from 'node:https'

export type Answer = {
  status: number
  /** How often a header came, and with what: duplicates are not merged. */
  all: (name: string) => string[]
  header: (name: string) => string | undefined
  text: string
}

export type Question = {
  method?: string
  headers?: Readonly<Record<string, string>>
  body?: string
  /** The address to ask from; another one of this machine shows who nginx takes the client for. */
  from?: string
}

const limitMs = 30_000

/** One request, exactly as written, on a connection of its own. A stream of events is left after its headers. */
export async function ask(origin: string, target: string, question: Question = {}): Promise<Answer> {
  const response = await open(origin, target, question)
  const parts: Buffer[] = []
  if (response.headers['content-type']?.startsWith('text/event-stream')) response.destroy()
  else for await (const part of response) parts.push(part as Buffer)
  return toAnswer(response, Buffer.concat(parts).toString())
}

/** The answer as it begins to arrive. */
export function open(origin: string, target: string, question: Question = {}): Promise<IncomingMessage> {
  const { hostname, port, host, protocol } = new URL(origin)
  const length = question.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(question.body)) }
  const options: RequestOptions & { rejectUnauthorized: boolean } = {
    host: hostname === 'localhost' ? '127.0.0.1' : hostname,
    port,
    method: question.method ?? 'GET',
    path: target,
    headers: { host, ...length, ...question.headers },
    localAddress: question.from,
    agent: false,
    // The certificate was made a moment ago, by nobody that anybody trusts.
    rejectUnauthorized: false,
  }
  return new Promise((resolve, reject) => {
    const sent = (protocol === 'https:' ? requestTls : requestPlain)(options, resolve)
    // A server that refuses a body early may close before all of it was sent; what it answered still counts.
    sent.on('error', reject)
    sent.setTimeout(limitMs, () => sent.destroy(new Error(`no answer within ${limitMs} ms`)))
    sent.end(question.body)
  })
}

function toAnswer(response: IncomingMessage, text: string): Answer {
  const all = (name: string) => response.rawHeaders.filter((_, at, lines) => at % 2 === 1 && lines[at - 1]!.toLowerCase() === name)
  return { status: response.statusCode ?? 0, all, header: (name) => all(name)[0], text }
}
