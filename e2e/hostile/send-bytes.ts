/** One request on a connection of its own, byte for byte: no client library lets through what has to be sent here. */
import { connect } from 'node:net'
import type { HostileRequest } from './hostile-request.ts'

export type Answer = { status: number; headers: Readonly<Record<string, string>>; text: string }

const chunkBytes = 64 * 1024

/** Headers of the request win over `base`. Throws when there is no whole answer within `limitMs`. */
export async function sendBytes(port: number, request: HostileRequest, base: Readonly<Record<string, string>>, limitMs = 20_000): Promise<Answer> {
  const { head, body } = toWire(request, base)
  const socket = connect(port, '127.0.0.1')
  const parts: Buffer[] = []
  let failure: Error | null = null
  socket.setTimeout(limitMs, () => socket.destroy(new Error(`no answer within ${limitMs} ms`)))
  await new Promise<void>((resolve) => {
    socket.on('data', (part: Buffer) => {
      parts.push(part)
      // An event stream does not end by itself; that it began is the answer.
      if (parts.length === 1 && /^HTTP\/1\.1 200 [^]*content-type: text\/event-stream/i.test(part.toString('latin1'))) socket.destroy()
    })
    socket.on('error', (error) => (failure = error))
    socket.on('close', () => resolve())
    socket.write(head)
    for (const part of body) socket.write(part)
    // A body that is shorter than it says would otherwise be waited for.
    if (typeof request.body?.framing === 'number') socket.end()
  })
  const answer = readAnswer(Buffer.concat(parts))
  // A server that refuses a body early closes before all of it was sent; what it answered still counts.
  if (!answer) throw failure ?? new Error('the connection was closed without an answer')
  return answer
}

function toWire({ method, target, headers, body }: HostileRequest, base: Readonly<Record<string, string>>): { head: Buffer; body: Buffer[] } {
  const own = new Set(headers.map(([name]) => name.toLowerCase()))
  const lines: [string, string][] = Object.entries(base).filter(([name]) => !own.has(name))
  for (const [name, value] of headers) if (value !== null) lines.push([name, value])
  const bytes = body?.bytes() ?? null
  const parts: Buffer[] = []
  if (bytes && body) {
    if (body.framing === 'chunked') {
      lines.push(['transfer-encoding', 'chunked'])
      for (let at = 0; at < bytes.length; at += chunkBytes) {
        const part = bytes.subarray(at, at + chunkBytes)
        parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'))
      }
      parts.push(Buffer.from('0\r\n\r\n'))
    } else {
      // A number below zero: nothing is said about the length.
      const said = body.framing === 'length' ? bytes.length : body.framing
      if (said >= 0 && !own.has('content-length')) lines.push(['content-length', String(said)])
      parts.push(bytes)
    }
  }
  if (!own.has('connection')) lines.push(['connection', 'close'])
  const head = `${method} ${target} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
  return { head: Buffer.from(head, 'latin1'), body: parts }
}

function readAnswer(bytes: Buffer): Answer | null {
  const split = bytes.indexOf('\r\n\r\n')
  if (split === -1) return null
  const [first = '', ...lines] = bytes.subarray(0, split).toString('latin1').split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1])
  if (!status) return null
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    headers[name] = headers[name] === undefined ? line.slice(colon + 1).trim() : `${headers[name]}\n${line.slice(colon + 1).trim()}`
  }
  const rest = bytes.subarray(split + 4)
  if (headers['content-length'] !== undefined && rest.length < Number(headers['content-length'])) return null
  return { status, headers, text: (headers['transfer-encoding'] === 'chunked' ? joinChunks(rest) : rest).toString('utf8') }
}

function joinChunks(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; ;) {
    const end = bytes.indexOf('\r\n', at)
    const size = end === -1 ? 0 : Number.parseInt(bytes.subarray(at, end).toString('latin1'), 16)
    if (!size) return Buffer.concat(parts)
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
}
