/** An audit log and the two requests of its control plane, over real HTTP, which a test may cut, fork or break as it likes. */
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { canonicalize } from '@autopack/approval-proof/canonical-json'

export type TestEntry = { seq: number; prev: string; hash: string; event: string }
export type HandedOver = { note: string; rotations: string[] }
export type TestLog = {
  url: string
  apiKey: string
  entries: TestEntry[]
  handedOver: HandedOver[]
  /** What was reported, the first first. */
  problems: string[]
  /** What the next hand-overs are answered with. */
  answer: { status: number; body: unknown }
  append: (...events: Record<string, unknown>[]) => void
  close: () => Promise<void>
}

export async function openTestLog(): Promise<TestLog> {
  const log: TestLog = {
    url: '',
    apiKey: 'checkpoint-writer-key-0123456789abcdef',
    entries: [],
    handedOver: [],
    problems: [],
    answer: { status: 200, body: { standing: 'holds', given_up: false } },
    append: (...events) => {
      for (const event of events) log.entries.push(toEntry(log.entries, event))
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  const server = createServer((request, response) => {
    if (request.headers['x-api-key'] !== log.apiKey) return void response.writeHead(403).end('{}')
    const url = new URL(request.url!, 'http://log')
    if (request.method === 'GET') {
      const [from, limit] = [Number(url.searchParams.get('from')), Number(url.searchParams.get('limit'))]
      const lines = log.entries.filter(({ seq }) => seq >= from && seq < from + limit).map(toLine)
      return void response.writeHead(200, { 'content-type': 'application/x-ndjson' }).end(lines.join(''))
    }
    let body = ''
    request.on('data', (part) => (body += String(part)))
    request.on('end', () => {
      if (url.pathname === '/checkpoint/problems') {
        log.problems.push((JSON.parse(body) as { problem: string }).problem)
        return void response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      }
      log.handedOver.push(JSON.parse(body) as HandedOver)
      response.writeHead(log.answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(log.answer.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  log.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return log
}

function toEntry(before: readonly TestEntry[], event: Record<string, unknown>): TestEntry {
  const seq = before.length + 1
  const prev = before.at(-1)?.hash ?? '0'.repeat(64)
  const text = canonicalize(event)
  return { seq, prev, hash: hashOf(seq, prev, text), event: text }
}

export function hashOf(seq: number, prev: string, text: string): string {
  const start = Buffer.alloc(41)
  start[0] = 1
  start.writeBigUInt64BE(BigInt(seq), 1)
  start.write(prev, 9, 'hex')
  return createHash('sha256').update(start).update(text).digest('hex')
}

function toLine({ seq, prev, hash, event }: TestEntry): string {
  return `{"seq":${seq},"prev":"${prev}","hash":"${hash}","event":${event}}\n`
}
