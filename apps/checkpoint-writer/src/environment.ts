/** What the checkpoint writer takes from its environment; the configuration table of the README is generated from `variables`. */
import { readPrivateKey } from '@autopack/checkpoint/note-keys'
import type { PrivateNoteKey } from '@autopack/checkpoint/note-keys'
import {
  checkpointDirVariable,
  choiceVariable,
  integerVariable,
  logLevelVariable,
  readEnvironment,
  requireSecretFilesVariable,
  secretVariable,
  textVariable,
} from '@autopack/server-kit/environment'
import type { Environment } from '@autopack/server-kit/environment'
import { findProductionProblems } from '@autopack/server-kit/production-problems'

export const variables = {
  mode: choiceVariable('AUTOPACK_ENV', {
    choices: ['development', 'production'],
    default: 'development',
    description: 'production refuses to start with anything that is only good for a demo',
  }),
  controlPlaneUrl: textVariable('CONTROL_PLANE_URL', {
    default: 'http://127.0.0.1:4601',
    description: 'Origin of the control plane',
    pattern: /^https?:\/\/[A-Za-z0-9.[\]:-]+$/,
    expected: 'must be an origin such as http://127.0.0.1:4601, without a path',
  }),
  apiKey: secretVariable('AUTOPACK_CHECKPOINT_API_KEY', {
    pattern: /^[\x21-\x7e]{32,500}$/,
    expected: 'must be 32 to 500 visible ASCII characters',
    description: 'The key of the checkpoint writer, by which it asks for entries and hands over checkpoints; unset: none is served',
  }),
  privateKey: secretVariable('AUTOPACK_CHECKPOINT_PRIVATE_KEY', {
    description: 'Signs checkpoints: PRIVATE+KEY+name+id+…, whose name is the origin of the log; no other process may know it',
  }),
  dataDir: textVariable('AUTOPACK_DATA_DIR', { default: '.autopack', description: 'Folder of everything that is kept' }),
  directory: checkpointDirVariable,
  intervalSeconds: integerVariable('AUTOPACK_CHECKPOINT_INTERVAL_SECONDS', {
    default: 5,
    least: 1,
    most: 15,
    description:
      'Seconds between two looks at the audit log; where it grew, a checkpoint is signed: at every look for a while, under steady load at every twelfth',
  }),
  logLevel: logLevelVariable,
  requireSecretFiles: requireSecretFilesVariable,
}

export type Configuration = {
  controlPlaneUrl: string
  apiKey: string
  key: PrivateNoteKey
  directory: string
  intervalMs: number
  logLevel: string
  secrets: readonly string[]
}

export type ConfigurationReading =
  | { ok: true; configuration: Configuration; warnings: string[] }
  /** One line a problem, never with a value. */
  | { ok: false; problems: string[] }

export function readConfiguration(environment: Environment): ConfigurationReading {
  const reading = readEnvironment(variables, environment)
  const problems = [
    ...(reading.ok ? [] : reading.problems),
    ...(environment['AUTOPACK_ENV'] === 'production' ? findProductionProblems(environment) : []),
  ]
  if (!reading.ok) return { ok: false, problems }
  const { values } = reading
  if (values.apiKey === null) problems.push('AUTOPACK_CHECKPOINT_API_KEY: is not set; the control plane knows its checkpoint writer by it')
  const key = values.privateKey === null ? null : readPrivateKey(values.privateKey)
  if (values.privateKey === null) problems.push('AUTOPACK_CHECKPOINT_PRIVATE_KEY: is not set; npm run secrets makes one')
  else if (key === null)
    problems.push('AUTOPACK_CHECKPOINT_PRIVATE_KEY: must be a private key of a signed note, PRIVATE+KEY+name+id+…, with its own id')
  if (problems.length > 0 || values.apiKey === null || key === null) return { ok: false, problems }
  return {
    ok: true,
    warnings: reading.warnings,
    configuration: {
      controlPlaneUrl: values.controlPlaneUrl,
      apiKey: values.apiKey,
      key,
      directory: values.directory ?? `${values.dataDir}/checkpoints`,
      intervalMs: values.intervalSeconds * 1_000,
      logLevel: values.logLevel,
      secrets: reading.secrets,
    },
  }
}
