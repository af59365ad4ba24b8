/** The two servers as a self-hoster starts them by hand: no demo, secrets of their own, embedded databases, development mode. */
import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { console_, root } from './running-console.ts'

// Playwright says so to each of those that run at the same time.
const place = Number(process.env['TEST_PARALLEL_INDEX'] ?? 0)
const port = console_.port + 40 + 2 * place
const controlPlanePort = port + 1

export const ownDeployment = { origin: `http://localhost:${port}`, controlPlaneUrl: `http://127.0.0.1:${controlPlanePort}` } as const

export type OwnDeployment = {
  /** The link that this start printed; null when it printed none. */
  setUpLink: () => string | null
  /** Everything that both servers wrote. */
  output: () => string
  stop: () => Promise<void>
}

/** `more`: of the control plane's environment. Throws when it is not ready within two and a half minutes: two new databases on a busy machine. */
export async function startOwnDeployment(folder: string, more: Readonly<Record<string, string>> = {}): Promise<OwnDeployment> {
  const secrets = join(folder, 'secrets')
  execFileSync(process.execPath, ['scripts/secrets.ts', '--dir', secrets, '--origin', ownDeployment.origin], { cwd: root, stdio: 'pipe' })
  const common = {
    PATH: process.env['PATH'],
    AUTOPACK_DATA_DIR: join(folder, 'data'),
    AUTOPACK_API_KEY_FILE: join(secrets, 'instance-key'),
    CONSOLE_ORIGIN: ownDeployment.origin,
  }
  let output = ''
  const start = (app: string, environment: Record<string, string>): ChildProcess => {
    const child = spawn(process.execPath, [`apps/${app}/src/server.ts`], { cwd: root, env: { ...common, ...environment }, stdio: 'pipe' })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
    return child
  }
  const children = [
    start('control-plane', {
      ...more,
      CONTROL_PLANE_PORT: String(controlPlanePort),
      AUTOPACK_OPERATOR_ASSERTION_JWKS_FILE: join(secrets, 'operator-assertion-jwks.json'),
    }),
    start('bff', {
      CONSOLE_PORT: String(port),
      CONTROL_PLANE_URL: ownDeployment.controlPlaneUrl,
      JWT_PRIVATE_KEY_FILE: join(secrets, 'jwt-private.pem'),
    }),
  ]
  const stop = async () => {
    await Promise.all(
      children.map((child) => {
        if (child.exitCode !== null || child.signalCode !== null) return undefined
        child.kill('SIGTERM')
        return new Promise((resolve) => child.once('close', resolve))
      }),
    )
  }
  try {
    await expect
      .poll(
        () =>
          fetch(`${ownDeployment.origin}/health`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 150_000 },
      )
      .toBe(200)
    // Written right after the control plane began to answer.
    await expect.poll(() => output, { timeout: 30_000 }).toMatch(/"msg":"serving"/)
  } catch (error) {
    await stop()
    throw new Error(output, { cause: error })
  }
  return { setUpLink: () => /^Set up this console \(valid for 15 minutes\): (\S+)$/m.exec(output)?.[1] ?? null, output: () => output, stop }
}
