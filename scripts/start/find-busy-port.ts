import { createServer } from 'node:net'
import { describePortSetting } from './start-options.ts'
import type { StartOptions } from './start-options.ts'

const names = { console: 'the console', controlPlane: 'the control plane', shop: 'the demo shop' } as const

/** A sentence about the first port that cannot be listened on, or null. */
export async function findBusyPort(ports: StartOptions['ports']): Promise<string | null> {
  for (const key of ['console', 'controlPlane', 'shop'] as const) {
    const hosts = key === 'console' ? ['127.0.0.1', '::1'] : ['127.0.0.1']
    for (const host of hosts) {
      const code = await tryToListen(host, ports[key])
      if (code === 'EADDRINUSE') return `Port ${ports[key]} (${names[key]}) is in use; choose another with ${describePortSetting(key)}.`
      if (code === 'EACCES')
        return `Port ${ports[key]} (${names[key]}) may not be opened by this user; choose another with ${describePortSetting(key)}.`
    }
  }
  return null
}

/** Null: it can be listened on. A machine without IPv6 answers EADDRNOTAVAIL for ::1, which is no obstacle. */
function tryToListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)))
  })
}
