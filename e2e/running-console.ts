/** Where the console under test lives, and who may sign in there. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')
const folder = join(root, '.cache/e2e')

export const console_ = {
  dataDirectory: join(folder, 'data'),
  workspace: join(folder, 'workspace'),
  stateDirectory: join(folder, 'browser'),
  port: 14_600,
  controlPlanePort: 14_601,
  shopPort: 14_602,
  origin: 'http://localhost:14600',
  controlPlaneUrl: 'http://127.0.0.1:14601',
  shopUrl: 'http://127.0.0.1:14602',
} as const

export type RoleName = 'admin' | 'approver' | 'viewer'

type DemoFile = {
  operators: { operator_id: string; name: RoleName; role: RoleName; password: string }[]
  executors: { executor_id: string; name: string; key: string }[]
}

export function readDemoFile(): DemoFile {
  return JSON.parse(readFileSync(join(console_.dataDirectory, 'secrets/demo.json'), 'utf8')) as DemoFile
}

export function passwordOf(name: RoleName): string {
  return readDemoFile().operators.find((operator) => operator.name === name)!.password
}

/** The browser state of a role that signed in once. */
export function signedInAs(name: RoleName): string {
  return join(console_.stateDirectory, `${name}.json`)
}
