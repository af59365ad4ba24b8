import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createExecutorKey } from '@autopack/server-kit/executor-key'
import { createReadablePassword } from '@autopack/server-kit/readable-password'
import { createCheckpointSecrets } from '../secrets/checkpoint-secrets.ts'
import type { CheckpointSecretFiles } from '../secrets/checkpoint-secrets.ts'
import { createConsoleSecrets } from '../secrets/console-secrets.ts'
import type { ConsoleSecretFiles } from '../secrets/console-secrets.ts'
import { keepSecret } from '../secrets/keep-secret.ts'

export type DemoOperator = { operator_id: string; name: string; role: 'admin' | 'approver' | 'viewer'; password: string }
export type DemoFile = {
  operators: DemoOperator[]
  executors: Array<{ executor_id: string; name: string; key: string; owner_operator_id: string; shared_with_everyone: boolean }>
}

export type SecretFiles = ConsoleSecretFiles & CheckpointSecretFiles & { shopToken: string; agentKey: string; demo: string }

/** Paths of the demo's secrets in the data folder; what is missing is made, each file 0600, and nothing is ever overwritten. */
export function createDemoSecrets(dataDir: string, consoleOrigin = 'http://localhost:4600'): SecretFiles {
  const folder = join(dataDir, 'secrets')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return {
    ...createConsoleSecrets(folder, 0o600),
    ...createCheckpointSecrets(folder, 0o600, consoleOrigin),
    ...createDemoOnlySecrets(folder, 0o600),
  }
}

/** Those of the demo's operators, agent and shop alone, which production has not. */
export function createDemoOnlySecrets(folder: string, mode: number): Omit<SecretFiles, keyof ConsoleSecretFiles | keyof CheckpointSecretFiles> {
  const files = { shopToken: join(folder, 'shop-token'), agentKey: join(folder, 'demo-agent-key'), demo: join(folder, 'demo.json') }
  keepSecret(files.shopToken, mode, () => randomBytes(32).toString('base64url'))
  keepSecret(files.agentKey, mode, () => createExecutorKey().text)
  keepSecret(files.demo, mode, () => JSON.stringify(buildDemoFile(readFileSync(files.agentKey, 'utf8').trim()), null, 2))
  return files
}

/** Throws Error with one line that names the file and the remedy, and nothing of what is in it. */
export function readDemoFile(path: string): DemoFile {
  let file: unknown
  try {
    file = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    file = null
  }
  if (!isDemoFile(file)) throw new Error(`${path} cannot be read as the sign-ins of the demo: npm start -- --fresh starts over.`)
  return file
}

function isDemoFile(file: unknown): file is DemoFile {
  const { operators, executors } = (file ?? {}) as Partial<DemoFile>
  if (!Array.isArray(operators) || !Array.isArray(executors)) return false
  return operators.every((operator) =>
    [operator?.operator_id, operator?.name, operator?.role, operator?.password].every((value) => typeof value === 'string'),
  )
}

function buildDemoFile(agentKey: string): DemoFile {
  const operators = (['admin', 'approver', 'viewer'] as const).map((role) => ({
    operator_id: `op_${randomUUID()}`,
    name: role,
    role,
    password: createReadablePassword(),
  }))
  const agent = {
    executor_id: `exr_${randomUUID()}`,
    name: 'demo-agent',
    key: agentKey,
    owner_operator_id: operators[0]!.operator_id,
    shared_with_everyone: true,
  }
  return { operators, executors: [agent] }
}
