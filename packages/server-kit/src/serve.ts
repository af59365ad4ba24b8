import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RequestError, getRequestListener } from '@hono/node-server'
import { answerUnreadable } from './answer-unreadable.ts'
import { apiHeaders, problemOutsideApp } from './create-app.ts'
import type { Log } from './log.ts'
import { ProblemError } from './problem-error.ts'

export type Serving = { port: number; stop: () => Promise<void> }

/**
 * Listens on `host:port` with bounded waiting for headers, and stops by letting open requests end.
 * Throws the listening error (`EADDRINUSE`, `EACCES`) instead of crashing later.
 */
export async function serve(options: {
  fetch: (request: Request, ...rest: never[]) => Response | Promise<Response>
  host: string
  port: number
  /** Of the answers to requests that never reach the app; all others are the app's own. */
  headers?: Readonly<Record<string, string>>
  log: Log
  /** From the first byte of a request to the end of its headers. */
  headersTimeoutMs?: number
}): Promise<Serving> {
  const headers = options.headers ?? apiHeaders
  const listener = getRequestListener(options.fetch as never, {
    hostname: options.host,
    errorHandler: (error) => {
      if (!(error instanceof RequestError)) options.log.error({ error }, 'a request failed outside the app')
      return problemOutsideApp(toProblem(error), headers)
    },
  })
  const limits = {
    maxHeaderSize: 8 * 1024,
    headersTimeout: options.headersTimeoutMs ?? 10_000,
    // The longest upload may take 300 s; `readBody` holds every other body to 15 s.
    requestTimeout: 330_000,
    keepAliveTimeout: 20_000,
    // Node looks every 30 s by default, which would make 40 s of the 10 s above.
    connectionsCheckingInterval: 1_000,
    // Node's own refusal has no body; `answerUnreadable` refuses it with a problem.
    requireHostHeader: false,
  }
  const server = createServer(limits)
  answerUnreadable(server, { headers, log: options.log, listener: (request, response) => void listener(request, response) })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), 3_000).unref()
      }),
  }
}

function toProblem(error: unknown): ProblemError {
  return error instanceof RequestError
    ? new ProblemError('invalid_path', 'The path or the Host header cannot be read.')
    : new ProblemError('internal_error', 'Something failed on our side. Try again.')
}

/** Ends the process in order when asked to: `stop` first, then exit 0; a second signal or 8 s end it at once. */
export function stopOnSignals(log: Log, stop: () => Promise<void>): void {
  let stopping = false
  const end = (signal: string) => {
    if (stopping) process.exit(1)
    stopping = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), 8_000).unref()
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ error }, 'could not stop in order')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
  // A parent that died takes its servers with it, so that nothing keeps the directory lock or a port.
  process.on('disconnect', () => end('disconnect'))
}
