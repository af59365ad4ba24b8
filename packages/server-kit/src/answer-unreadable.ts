/**
 * What Node's HTTP parser refuses, or would answer by itself with an empty body, is answered with a problem like everything
 * else: bad request lines, headers over the limit, broken chunks, two lengths, timeouts, CONNECT, unknown expectations, no Host
 * or two. Nothing of the request is repeated in the answer; the connection closes, because what follows on it cannot be trusted.
 */
import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { problemOutsideApp } from './create-app.ts'
import type { Log } from './log.ts'
import { ProblemError } from './problem-error.ts'

type Options = { headers: Readonly<Record<string, string>>; log: Log; listener: RequestListener }
type InFlight = { request: IncomingMessage; response: ServerResponse }

/** How long a refused client may go on sending before it is cut off; closing at once would make it lose the answer. */
const lingerMs = 1_000

export function answerUnreadable(server: Server, { headers, log, listener }: Options): void {
  /** Requests may be sent before the earlier ones are answered (RFC 9112, 9.3.2). */
  const inFlight = new WeakMap<Duplex, Set<InFlight>>()
  const refused = new WeakSet<Duplex>()

  const refuse = (socket: Duplex, problem: ProblemError, why: string | undefined): void => {
    if (refused.has(socket)) return
    refused.add(socket)
    // From here on nobody else looks after this socket.
    socket.on('error', () => socket.destroy())
    answerAfterEarlier(socket, problem, why)
  }

  /** The answers to whole requests that came before on the same connection go first. */
  const answerAfterEarlier = (socket: Duplex, problem: ProblemError, why: string | undefined): void => {
    const waiting = [...(inFlight.get(socket) ?? [])]
    const earlier = waiting.find(({ request }) => request.complete)
    if (earlier) return void earlier.response.once('close', () => answerAfterEarlier(socket, problem, why))
    if (waiting.some(({ response }) => response.headersSent)) return void socket.destroy()
    void write(socket, problem, why)
  }

  const write = async (socket: Duplex, problem: ProblemError, why: string | undefined): Promise<void> => {
    log.debug({ code: problem.code, why }, 'a connection was refused')
    const answer = problemOutsideApp(problem, headers)
    const body = await answer.text()
    if (!socket.writable) return void socket.destroy()
    const head = [
      `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`,
      ...[...answer.headers].map(([name, value]) => `${name}: ${value}`),
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
    ]
    socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
    socket.resume()
    setTimeout(() => socket.destroy(), lingerMs).unref()
  }

  server.on('request', (request, response) => {
    const { socket } = request
    // What follows a refused request on its connection may be a part of it.
    if (refused.has(socket)) return void request.resume()
    const hosts = countHosts(request)
    if (hosts !== 1 && !(hosts === 0 && request.httpVersion === '1.0')) {
      request.resume()
      // RFC 9112, 3.2: exactly one.
      return refuse(socket, new ProblemError('invalid_request', 'Send exactly one Host header.'), `${hosts} Host headers`)
    }
    const entry = { request, response }
    const waiting = inFlight.get(socket) ?? new Set()
    inFlight.set(socket, waiting.add(entry))
    response.once('close', () => waiting.delete(entry))
    listener(request, response)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET') return void socket.destroy()
    refuse(socket, toProblem(error.code), error.code)
  })
  server.on('checkExpectation', (request) => {
    refuse(request.socket, new ProblemError('expectation_failed', 'Leave the Expect header out, or send Expect: 100-continue.'), 'expectation')
  })
  server.on('connect', (_request, socket) => {
    refuse(socket, new ProblemError('method_not_allowed', 'This server is no proxy: CONNECT is not served.'), 'CONNECT')
  })
}

function countHosts({ rawHeaders }: IncomingMessage): number {
  return rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length
}

/** Codes of `clientError`: those of Node (`ERR_HTTP_…`) and of its parser (`HPE_…`). */
function toProblem(code: string | undefined): ProblemError {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new ProblemError('headers_too_large', 'The request line and all headers together may be at most 8 KiB.')
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new ProblemError('body_too_large', 'The chunk extensions of the body are too large; leave them out.')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new ProblemError('request_timeout', 'The request took too long to arrive. Send it again on a new connection.')
    default:
      return new ProblemError(
        'invalid_request',
        'This is not a well-formed HTTP/1.1 request: check the request line, the headers and the length of the body.',
      )
  }
}
