import type { Variables } from '@autopack/server-kit/environment'
import { variables as bff } from '../../apps/bff/src/environment.ts'
import { variables as checkpointWriter } from '../../apps/checkpoint-writer/src/environment.ts'
import { variables as migrate } from '../../apps/control-plane/src/commands/migrator-environment.ts'
import { variables as controlPlane } from '../../apps/control-plane/src/environment.ts'
import { variables as demoAgent } from '../../apps/demo-agent/src/environment.ts'
import { variables as demoShop } from '../../apps/demo-shop/src/environment.ts'

/** The processes by the name they give themselves in the log: what each is started with, and what it reads from its environment. */
export const processEntries: Readonly<Record<string, { entry: string; variables: Variables }>> = {
  'control-plane': { entry: 'apps/control-plane/src/server.ts', variables: controlPlane },
  migrate: { entry: 'apps/control-plane/src/commands/migrate.ts', variables: migrate },
  bff: { entry: 'apps/bff/src/server.ts', variables: bff },
  'checkpoint-writer': { entry: 'apps/checkpoint-writer/src/writer.ts', variables: checkpointWriter },
  'demo-agent': { entry: 'apps/demo-agent/src/agent.ts', variables: demoAgent },
  'demo-shop': { entry: 'apps/demo-shop/src/server.ts', variables: demoShop },
}
