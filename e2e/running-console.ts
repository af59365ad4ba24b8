/** Where the console under test lives, and who may sign in there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')
const folder = join(root, '.cache/e2e')

/** The first of a hundred ports; another one lets two checkouts be tested at the same time. */
export const firstPort = Number(process.env['E2E_FIRST_PORT'] ?? 14_600)

export const console_ = {
  dataDirectory: join(folder, 'data'),
  workspace: join(folder, 'workspace'),
  stateDirectory: join(folder, 'browser'),
  port: firstPort,
  controlPlanePort: firstPort + 1,
  shopPort: firstPort + 2,
  origin: `http://localhost:${firstPort}`,
  controlPlaneUrl: `http://127.0.0.1:${firstPort + 1}`,
  shopUrl: `http://127.0.0.1:${firstPort + 2}`,
} as const

export type RoleName = 'admin' | 'approver' | 'viewer'

type DemoFile = {
  operators: { operator_id: string; name: RoleName; role: RoleName; password: string }[]
  executors: { executor_id: string; name: string; key: string }[]
}

export function readDemoFile(dataDirectory: string = console_.dataDirectory): DemoFile {
  return JSON.parse(readFileSync(join(dataDirectory, 'secrets/demo.json'), 'utf8')) as DemoFile
}

export function passwordOf(name: RoleName): string {
  return readDemoFile().operators.find((operator) => operator.name === name)!.password
}

/** The browser state of a role that signed in once. */
export function signedInAs(name: RoleName): string {
  return join(console_.stateDirectory, `${name}.json`)
}
