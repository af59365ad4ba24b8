import { serve as serveHono } from '@hono/node-server'
import type { AddressInfo, Server } from 'node:net'
import type { Server as HttpServer } from 'node:http'
import type { Log } from './log.ts'

export type Serving = { port: number; stop: () => Promise<void> }

/**
 * Listens on `host:port` with bounded waiting for headers, and stops by letting open requests end.
 * Throws the listening error (`EADDRINUSE`, `EACCES`) instead of crashing later.
 */
export async function serve(options: {
  fetch: (request: Request, ...rest: never[]) => Response | Promise<Response>
  host: string
  port: number
}): Promise<Serving> {
  const server = await new Promise<HttpServer>((resolve, reject) => {
    const created = serveHono(
      {
        fetch: options.fetch as never,
        hostname: options.host,
        port: options.port,
        serverOptions: { maxHeaderSize: 8 * 1024, headersTimeout: 10_000, requestTimeout: 330_000, keepAliveTimeout: 20_000 },
      },
      () => resolve(created as HttpServer),
    ) as HttpServer
    created.once('error', reject)
  })
  return {
    port: ((server as Server).address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
        setTimeout(() => server.closeAllConnections(), 3_000).unref()
      }),
  }
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
