/** What the BFF takes from its environment; the configuration table of the README is generated from `variables`. */
import { isIP } from 'node:net'
import { resolve } from 'node:path'
import {
  choiceVariable,
  consoleOriginVariable,
  consolePortVariable,
  logLevelVariable,
  readEnvironment,
  requireSecretFilesVariable,
  secretVariable,
  textVariable,
} from '@autopack/server-kit/environment'
import type { Environment } from '@autopack/server-kit/environment'
import { findProductionProblems, isProtectedConnection } from '@autopack/server-kit/production-problems'
import { parseTrustedProxies } from './shared/client-address.ts'
import type { TrustedProxies } from './shared/client-address.ts'
import { readDemoOperators } from './shared/demo-operators.ts'
import type { DemoOperator } from './shared/demo-operators.ts'
import { readSigningKey } from './shared/signing-key.ts'
import type { SigningKey } from './shared/signing-key.ts'

export const variables = {
  environment: choiceVariable('AUTOPACK_ENV', {
    choices: ['development', 'production'],
    default: 'development',
    description: 'Production refuses to start with anything unsafe',
  }),
  host: textVariable('CONSOLE_HOST', {
    default: null,
    description: 'Address the console listens on; unset: 127.0.0.1 and ::1',
    pattern: /^[0-9a-fA-F.:]+$/,
    expected: 'must be an IP address',
  }),
  port: consolePortVariable,
  origin: consoleOriginVariable,
  controlPlaneUrl: textVariable('CONTROL_PLANE_URL', {
    default: 'http://127.0.0.1:4601',
    description: 'Origin of the control plane',
    pattern: /^https?:\/\/[A-Za-z0-9.[\]:-]+$/,
    expected: 'must be an origin such as http://127.0.0.1:4601, without a path',
  }),
  databaseUrl: secretVariable('BFF_DATABASE_URL', {
    description: 'PostgreSQL of the BFF; unset: embedded in AUTOPACK_DATA_DIR/bff',
    pattern: /^postgres(ql)?:\/\//,
    expected: 'must begin with postgresql://',
  }),
  dataDirectory: textVariable('AUTOPACK_DATA_DIR', { default: '.autopack', description: 'Folder of everything that is kept' }),
  apiKey: secretVariable('AUTOPACK_API_KEY', {
    description: 'Instance key, the same as at the control plane; unset: nothing of the control plane can be read',
    pattern: /^[\x21-\x7e]{32,500}$/,
    expected: 'must have 32 to 500 visible ASCII characters',
  }),
  jwtPrivateKey: secretVariable('JWT_PRIVATE_KEY', {
    description: 'Signs sessions and operator assertions: Ed25519 or RSA of 2048 bits and more, PKCS #8 PEM; unset: a new one at each start',
  }),
  jwtPublicKey: secretVariable('JWT_PUBLIC_KEY', { description: 'Its public half, SPKI PEM; unset: derived' }),
  demo: secretVariable('AUTOPACK_DEMO', {
    description: 'The demo’s operators and executor as JSON; what is missing is inserted at start; production refuses it',
  }),
  webDirectory: textVariable('WEB_DIST_DIR', { default: 'apps/web/dist', description: 'The built pages' }),
  trustedProxies: textVariable('AUTOPACK_TRUSTED_PROXIES', {
    default: null,
    description: 'Addresses or CIDR blocks of the proxies in front, separated by commas; `none` for none',
  }),
  logLevel: logLevelVariable,
  requireSecretFiles: requireSecretFilesVariable,
}

export type Configuration = {
  production: boolean
  /** Null: both loopback addresses. */
  host: string | null
  port: number
  origin: string
  controlPlaneUrl: string
  databaseUrl: string | null
  databaseDirectory: string
  apiKey: string | null
  signingKey: SigningKey
  demoOperators: readonly DemoOperator[]
  webDirectory: string
  trustedProxies: TrustedProxies
  logLevel: string
  secrets: readonly string[]
}

export type ConfigurationReading =
  | { ok: true; configuration: Configuration; warnings: string[] }
  | { ok: false; problems: string[]; warnings: string[] }

/** Reads and checks everything at once, so that one failed start names every problem. Never answers with a value. */
export async function readConfiguration(environment: Environment): Promise<ConfigurationReading> {
  const reading = readEnvironment(variables, environment)
  const production = environment['AUTOPACK_ENV'] === 'production'
  const unsafe = production ? [...findMissingInProduction(environment), ...findProductionProblems(environment)] : []
  if (!reading.ok) return { ...reading, problems: [...reading.problems, ...unsafe] }
  const { values } = reading
  const problems = [...unsafe]
  const warnings = [...reading.warnings]

  const origin = values.origin ?? `http://localhost:${values.port}`
  const trustedProxies = parseTrustedProxies(values.trustedProxies ?? 'none')
  if (!trustedProxies.ok) problems.push(`AUTOPACK_TRUSTED_PROXIES: ${trustedProxies.why}`)
  const key = await readSigningKey(values.jwtPrivateKey, values.jwtPublicKey)
  if (!key.ok) problems.push(key.why)
  const demoOperators = values.demo === null ? [] : readDemoOperators(values.demo)
  if (demoOperators === null) problems.push('AUTOPACK_DEMO: does not have the shape that the start script writes')
  if (values.host !== null && isIP(values.host) === 0) problems.push('CONSOLE_HOST: must be an IP address')

  if (production) {
    if (values.databaseUrl !== null && !isProtectedConnection(values.databaseUrl))
      problems.push('BFF_DATABASE_URL: must use TLS (sslmode=verify-full) or a unix socket in production')
  } else {
    if (values.jwtPrivateKey === null) {
      warnings.push('JWT_PRIVATE_KEY is not set: a key made for this start signs, so every session ends with it and no control plane knows it')
    }
    if (values.apiKey === null) warnings.push('AUTOPACK_API_KEY is not set: nothing of the control plane can be read')
  }
  if (problems.length > 0 || !key.ok || !trustedProxies.ok || demoOperators === null) return { ok: false, problems, warnings }

  return {
    ok: true,
    warnings,
    configuration: {
      production,
      host: values.host,
      port: values.port,
      origin,
      controlPlaneUrl: values.controlPlaneUrl,
      databaseUrl: values.databaseUrl,
      databaseDirectory: resolve(values.dataDirectory, 'bff'),
      apiKey: values.apiKey,
      signingKey: key.key,
      demoOperators,
      webDirectory: resolve(values.webDirectory),
      trustedProxies: trustedProxies.proxies,
      logLevel: values.logLevel,
      secrets: [...reading.secrets, ...demoOperators.map((operator) => operator.password)],
    },
  }
}

/** Asked of the environment itself, so that a variable which does not parse hides none that is missing. */
function findMissingInProduction(environment: Environment): string[] {
  const isSet = (name: string) => environment[name] !== undefined || environment[`${name}_FILE`] !== undefined
  const problems: string[] = []
  if (!environment['CONSOLE_ORIGIN']?.startsWith('https://')) problems.push('CONSOLE_ORIGIN: must be https in production')
  if (!environment['AUTOPACK_TRUSTED_PROXIES']) problems.push('AUTOPACK_TRUSTED_PROXIES: must be set in production; `none` when there is no proxy')
  if (isSet('AUTOPACK_DEMO')) problems.push('AUTOPACK_DEMO: demo data is refused in production')
  for (const name of ['JWT_PRIVATE_KEY', 'AUTOPACK_API_KEY']) if (!isSet(name)) problems.push(`${name}: must be set in production`)
  if (!isSet('BFF_DATABASE_URL')) problems.push('BFF_DATABASE_URL: must be set in production; the embedded database is refused there')
  return problems
}
