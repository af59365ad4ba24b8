/** A console of its own behind real nginx processes, one in each form that is offered; started once for all of these tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test as plainTest } from '@playwright/test'
import { makeCertificate } from '../../scripts/test/make-certificate.ts'
import { startNginx } from '../../scripts/test/start-nginx.ts'
import type { RunningNginx } from '../../scripts/test/start-nginx.ts'
import { firstPort, readDemoFile, root } from '../running-console.ts'
import type { RoleName } from '../running-console.ts'
import { spawnConsole } from '../spawn-console.ts'
import { writeWorkspace } from '../write-workspace.ts'
import { ask } from './ask.ts'

const port = (n: number) => firstPort + 30 + n

/** The three forms, as origins to ask. People type `tls`. */
export const forms = {
  plain: `http://localhost:${port(3)}`,
  tls: `https://localhost:${port(4)}`,
  loadBalancer: `http://localhost:${port(5)}`,
} as const
export type Form = keyof typeof forms
/** Plain http beside the TLS form. */
export const redirecting = `http://localhost:${port(6)}`
/** The BFF itself, behind them. */
export const bff = `http://127.0.0.1:${port(0)}`
export const controlPlane = `http://127.0.0.1:${port(1)}`
export const sparePorts = { nginx: port(7), upstream: port(8) } as const
/** What a request says about itself where the BFF expects the console's own address. */
export const ownHost = { host: new URL(forms.tls).host } as const
export const webDirectory = join(root, 'apps/web/dist')

export type Behind = {
  nginx: Readonly<Record<Form, RunningNginx>>
  password: (name: RoleName) => string
  executorKey: string
  /** The cookie of a role, signed in once. */
  cookie: (name: RoleName) => Promise<string>
}

export async function signIn(
  name: string,
  password: string,
  more: { headers?: Record<string, string>; from?: string } = {},
  origin: string = forms.tls,
) {
  const headers = { ...ownHost, origin: forms.tls, 'x-csrf': '1', 'content-type': 'application/json', ...more.headers }
  return ask(origin, '/api/auth/login', { method: 'POST', headers, body: JSON.stringify({ name, password }), from: more.from })
}

export const test = plainTest.extend<object, { behind: Behind }>({
  behind: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the names of the fixtures out of this pattern.
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'autopack-behind-nginx-'))
      const place = { dataDirectory: join(folder, 'data'), workspace: join(folder, 'workspace') }
      writeWorkspace(place.workspace)
      const stops: (() => Promise<unknown>)[] = []
      try {
        const console_ = await spawnConsole({
          ...place,
          port: port(0),
          controlPlanePort: port(1),
          shopPort: port(2),
          environment: { CONSOLE_ORIGIN: forms.tls, AUTOPACK_TRUSTED_PROXIES: '127.0.0.1,::1' },
        })
        stops.push(console_.stop)
        const start = async (options: Partial<Parameters<typeof startNginx>[1]> & { port: number }) => {
          const running = await startNginx(root, { upstreamPort: port(0), webDirectory, ...options })
          stops.push(running.stop)
          return running
        }
        const nginx = {
          plain: await start({ port: port(3) }),
          tls: await start({ port: port(6), tls: { port: port(4), ...makeCertificate(folder) } }),
          loadBalancer: await start({ port: port(5), loadBalancer: true }),
        }
        const demo = readDemoFile(place.dataDirectory)
        const password = (name: RoleName) => demo.operators.find((operator) => operator.name === name)!.password
        const cookies = new Map<RoleName, string>()
        const cookie = async (name: RoleName) => {
          if (!cookies.has(name)) {
            const answer = await signIn(name, password(name))
            if (answer.status !== 200) throw new Error(`${name} could not sign in: ${answer.status} ${answer.text}`)
            cookies.set(
              name,
              answer
                .all('set-cookie')
                .map((line) => line.split(';')[0]!)
                .join('; '),
            )
          }
          return cookies.get(name)!
        }
        await use({ nginx, password, executorKey: demo.executors[0]!.key, cookie })
      } finally {
        for (const stop of stops.toReversed()) await stop()
        rmSync(folder, { recursive: true, force: true })
      }
    },
    { scope: 'worker', timeout: 120_000 },
  ],
})
