import { join } from 'node:path'
import type { AcceptanceSetup } from './acceptance-setup.ts'
import type { StartedProcess } from './started-processes.ts'

/** The demo agent as a process of its own, with the variables that the README lists; it sends to `shopUrl`. */
export function startAgent(setup: AcceptanceSetup, options: { name: string; workspace: string; shopUrl: string; log: string }): StartedProcess {
  const { console: console_, clone, processes } = setup
  const secrets = join(console_.dataDir, 'secrets')
  return processes.start([join(clone.root, 'node_modules/.bin/node'), 'apps/demo-agent/src/agent.ts'], {
    cwd: clone.root,
    log: options.log,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      AUTOPACK_DATA_DIR: join(console_.dataDir, '..', options.name),
      AUTOPACK_URL: console_.controlPlaneUrl,
      AUTOPACK_EXECUTOR_KEY_FILE: join(secrets, 'demo-agent-key'),
      DEMO_SHOP_URL: options.shopUrl,
      DEMO_SHOP_TOKEN_FILE: join(secrets, 'shop-token'),
      DEMO_WORKSPACE: options.workspace,
    },
  })
}
