/** What the control plane reads from its environment, as data; production refuses what is only good for a demo. */
import { currencyExponent } from '@autopack/approval-proof/currency-exponent'
import type { VerifierKey } from '@autopack/checkpoint/note-keys'
import { readVerifierKey } from '@autopack/checkpoint/note-keys'
import type { KillSwitch } from '@autopack/contract/control'
import {
  amountMinorVariable,
  amountsMinorVariable,
  checkpointDirVariable,
  choiceVariable,
  consoleOriginVariable,
  consolePortVariable,
  integerVariable,
  logLevelVariable,
  readEnvironment,
  requireSecretFilesVariable,
  secretVariable,
  switchVariable,
  textVariable,
} from '@autopack/server-kit/environment'
import type { Environment, Values } from '@autopack/server-kit/environment'
import { findProductionProblems, isProtectedConnection } from '@autopack/server-kit/production-problems'
import { readAssertionJwks } from './shared/assertion-jwks.ts'
import type { AssertionJwks } from './shared/assertion-jwks.ts'
import { readDemoSeed } from './shared/demo-seed.ts'
import type { DemoSeed } from './shared/demo-seed.ts'

export const variables = {
  mode: choiceVariable('AUTOPACK_ENV', {
    default: 'development',
    choices: ['development', 'production'],
    description: 'production refuses to start with anything that is only good for a demo',
  }),
  host: textVariable('CONTROL_PLANE_HOST', { default: '127.0.0.1', description: 'Address the control plane listens on' }),
  port: integerVariable('CONTROL_PLANE_PORT', {
    default: 4601,
    least: 0,
    most: 65_535,
    description: 'Port of the control plane; 0 takes a free one',
  }),
  consolePort: consolePortVariable,
  consoleOrigin: consoleOriginVariable,
  databaseUrl: secretVariable('DATABASE_URL', {
    pattern: /^postgres(ql)?:\/\//,
    expected: 'must be a URL that starts with postgresql://',
    description: 'PostgreSQL of the control plane; unset: an embedded database in AUTOPACK_DATA_DIR/control-plane',
  }),
  dataDir: textVariable('AUTOPACK_DATA_DIR', { default: '.autopack', description: 'Folder of the embedded databases and the demo' }),
  artifactDir: textVariable('AUTOPACK_ARTIFACT_DIR', {
    default: null,
    description: 'Folder of uploaded artifacts; unset: AUTOPACK_DATA_DIR/artifacts',
  }),
  instanceKey: secretVariable('AUTOPACK_API_KEY', {
    pattern: /^[\x21-\x7e]{32,500}$/,
    expected: 'must be 32 to 500 visible ASCII characters',
    description: 'The instance key: the console proves with it that it is the console; unset: no console is served',
  }),
  assertionJwks: secretVariable('AUTOPACK_OPERATOR_ASSERTION_JWKS', {
    description: 'JWK set (RFC 7517) of the public keys that verify operator assertions; unset: no operator is served',
  }),
  checkpointKeys: secretVariable('AUTOPACK_CHECKPOINT_KEYS', {
    description: 'Verifier keys of the checkpoints that are believed, with white space between them; unset: none is',
  }),
  auditLogName: textVariable('AUTOPACK_AUDIT_LOG_NAME', {
    default: null,
    pattern: /^[\x21-\x2a\x2c-\x7e]{1,200}$/,
    expected: 'must be 1 to 200 visible characters without a plus sign',
    description: 'What the keys of checkpoints are called in production; unset: the host of `CONSOLE_ORIGIN` and `/audit`. For a console that moved',
  }),
  checkpointApiKey: secretVariable('AUTOPACK_CHECKPOINT_API_KEY', {
    pattern: /^[\x21-\x7e]{32,500}$/,
    expected: 'must be 32 to 500 visible ASCII characters',
    description: 'The key of the checkpoint writer, by which it asks for entries and hands over checkpoints; unset: none is served',
  }),
  checkpointDir: checkpointDirVariable,
  checkpointIndependent: switchVariable('AUTOPACK_CHECKPOINT_INDEPENDENT', {
    default: false,
    description: 'The folder of checkpoints is kept where the control plane cannot write; what it can write is not, whatever this says',
  }),
  demo: secretVariable('AUTOPACK_DEMO', {
    description: 'The demo’s operators and executor as JSON; what is missing is inserted at start; production refuses it',
  }),
  environmentName: textVariable('AUTOPACK_ENVIRONMENT_NAME', {
    default: 'development',
    pattern: /^[\p{L}\p{N} ._-]{1,40}$/u,
    expected: 'must be 1 to 40 letters, digits, spaces, dots, dashes',
    description: 'What the console calls this deployment',
  }),
  externalActionsEnabled: switchVariable('AUTOPACK_EXTERNAL_ACTIONS_ENABLED', {
    default: false,
    description: 'Ceiling: without 1 no external action is ever claimed live',
  }),
  etsyPublish: killSwitchVariable('ETSY_PUBLISH'),
  shopifyPublish: killSwitchVariable('SHOPIFY_PUBLISH'),
  youtubePublish: killSwitchVariable('YOUTUBE_PUBLISH'),
  tradingOrders: killSwitchVariable('TRADING_ORDERS'),
  demoShopPublish: killSwitchVariable('DEMO_SHOP_PUBLISH'),
  dryRun: switchVariable('AUTOPACK_SIDE_EFFECTS_DRY_RUN', {
    default: true,
    description: 'Dry run: everything walks the whole road, and nothing is sent; 0 turns it off',
  }),
  maxDailySpendUsdMinor: amountMinorVariable('AUTOPACK_MAX_DAILY_SPEND_USD', {
    description: 'What all live actions of a UTC day may spend together, in US dollars',
  }),
  maxDailySpendMinor: amountsMinorVariable('AUTOPACK_MAX_DAILY_SPEND_', {
    description:
      'What they may spend in another currency, in its own decimals, such as `AUTOPACK_MAX_DAILY_SPEND_JPY=5000`; without one, nothing in that currency',
    exponentOf: currencyExponent,
    except: ['USD'],
  }),
  maxActionsPerDay: integerVariable('AUTOPACK_MAX_ACTIONS_PER_DAY', {
    default: 0,
    least: 0,
    most: 1_000_000,
    description: 'How many live actions a UTC day may have',
  }),
  stepUp: choiceVariable('AUTOPACK_STEP_UP', {
    default: 'preferred',
    choices: ['passkey', 'preferred'],
    description:
      'What releasing a brake, raising a cap, turning a switch towards effect and administering people take: `preferred` is a passkey or the password again; production takes `passkey` only',
  }),
  soleOperator: switchVariable('AUTOPACK_SOLE_OPERATOR', {
    default: false,
    description: 'The only enabled approver may approve what they asked for themselves; refused while there are two, and marked in the audit log',
  }),
  logLevel: logLevelVariable,
  requireSecretFiles: requireSecretFilesVariable,
}

function killSwitchVariable(name: KillSwitch) {
  return switchVariable(`AUTOPACK_ENABLE_${name}`, { default: false, description: `Ceiling: without 1 the kill switch ${name} stays off` })
}

/** The most that the live control row may allow: effective = this AND the row (safety.md, "Switches, mode, caps"). */
export type ControlCeiling = {
  externalActionsEnabled: boolean
  /** True wins over whatever the row says. */
  dryRun: boolean
  killSwitches: Readonly<Record<KillSwitch, boolean>>
  /** Minor units by ISO 4217 code; a currency that is not named here has a cap of 0. */
  maxDailySpendMinor: Readonly<Record<string, number>>
  maxActionsPerDay: number
}

export type Settings = {
  production: boolean
  host: string
  port: number
  /** Where the set-up link leads, and where passkeys belong. */
  consoleOrigin: string
  /** The relying party of passkeys: the host of the console's origin. */
  rpId: string
  /** What control acts take. */
  stepUp: 'passkey' | 'preferred'
  soleOperator: boolean
  /** Null: embedded. */
  databaseUrl: string | null
  databaseDir: string
  artifactDir: string
  /** Null: every operator request is refused. */
  instanceKey: string | null
  assertionJwks: AssertionJwks | null
  checkpoints: {
    /** Verifier keys that are believed. */
    keys: readonly VerifierKey[]
    /** Null: every request of a checkpoint writer is refused. */
    apiKey: string | null
    /** Read, never written; need not exist. */
    directory: string
    /** The deployment says that the folder is out of our reach. */
    independent: boolean
  }
  demo: DemoSeed | null
  environmentName: string
  ceiling: ControlCeiling
  logLevel: string
}

export type SettingsReading =
  | { ok: true; settings: Settings; warnings: string[]; secrets: string[] }
  /** One line a problem, never with a value. */
  | { ok: false; problems: string[] }

export function readSettings(environment: Environment): SettingsReading {
  const reading = readEnvironment(variables, environment)
  const production = environment['AUTOPACK_ENV'] === 'production'
  const problems = [
    ...(reading.ok ? [] : reading.problems),
    ...(production ? [...findMissingInProduction(environment), ...findProductionProblems(environment)] : []),
  ]
  if (!reading.ok) return { ok: false, problems }
  const { values } = reading
  // The value that is used, wherever it came from: in production it comes from a file.
  if (production && values.databaseUrl !== null && !isProtectedConnection(values.databaseUrl))
    problems.push('DATABASE_URL: must use TLS (sslmode=verify-full) or a unix socket in production')
  const jwks = values.assertionJwks === null ? null : readAssertionJwks(values.assertionJwks)
  if (jwks?.ok === false) problems.push(`AUTOPACK_OPERATOR_ASSERTION_JWKS: ${jwks.why}`)
  const demo = values.demo === null ? null : readDemoSeed(values.demo)
  if (demo?.ok === false) problems.push(`AUTOPACK_DEMO: ${demo.why}`)
  const keys = readCheckpointKeys(values.checkpointKeys ?? '')
  if (!keys.ok) problems.push(`AUTOPACK_CHECKPOINT_KEYS: ${keys.why}`)
  // A key of another log, as of a demo, would sign and nobody would wonder.
  const logName = values.auditLogName ?? `${new URL(values.consoleOrigin ?? 'http://localhost').host}/audit`
  if (production && keys.ok && keys.keys.some(({ name }) => name !== logName))
    problems.push(`AUTOPACK_CHECKPOINT_KEYS: must be named ${logName}; say AUTOPACK_AUDIT_LOG_NAME where the log has another name`)
  if (problems.length > 0) return { ok: false, problems }
  return {
    ok: true,
    settings: toSettings(values, jwks?.ok ? jwks.jwks : null, demo?.ok ? demo.seed : null, keys.ok ? keys.keys : []),
    warnings: reading.warnings,
    secrets: [...reading.secrets, ...(demo?.ok ? demo.secrets : [])],
  }
}

function toSettings(
  values: Values<typeof variables>,
  assertionJwks: AssertionJwks | null,
  demo: DemoSeed | null,
  checkpointKeys: readonly VerifierKey[],
): Settings {
  const production = values.mode === 'production'
  const consoleOrigin = values.consoleOrigin ?? `http://localhost:${values.consolePort}`
  return {
    production,
    host: values.host,
    port: values.port,
    consoleOrigin,
    rpId: new URL(consoleOrigin).hostname,
    // Production says nothing, or `passkey`; anything else does not start.
    stepUp: production ? 'passkey' : values.stepUp,
    soleOperator: values.soleOperator,
    databaseUrl: values.databaseUrl,
    databaseDir: `${values.dataDir}/control-plane`,
    artifactDir: values.artifactDir ?? `${values.dataDir}/artifacts`,
    instanceKey: values.instanceKey,
    assertionJwks,
    checkpoints: {
      keys: checkpointKeys,
      apiKey: values.checkpointApiKey,
      directory: values.checkpointDir ?? `${values.dataDir}/checkpoints`,
      independent: values.checkpointIndependent,
    },
    demo,
    environmentName: values.environmentName,
    ceiling: {
      externalActionsEnabled: values.externalActionsEnabled,
      dryRun: values.dryRun,
      killSwitches: {
        ETSY_PUBLISH: values.etsyPublish,
        SHOPIFY_PUBLISH: values.shopifyPublish,
        YOUTUBE_PUBLISH: values.youtubePublish,
        TRADING_ORDERS: values.tradingOrders,
        DEMO_SHOP_PUBLISH: values.demoShopPublish,
      },
      maxDailySpendMinor: { USD: values.maxDailySpendUsdMinor, ...values.maxDailySpendMinor },
      maxActionsPerDay: values.maxActionsPerDay,
    },
    logLevel: values.logLevel,
  }
}

/** One log has one origin, and its keys bear its name. */
function readCheckpointKeys(text: string): { ok: true; keys: VerifierKey[] } | { ok: false; why: string } {
  const texts = text.split(/\s+/).filter((part) => part !== '')
  const keys = texts.flatMap((part) => readVerifierKey(part) ?? [])
  if (keys.length < texts.length) return { ok: false, why: 'must hold verifier keys such as console.example.org/audit+0123abcd+AZ…' }
  if (new Set(keys.map(({ name }) => name)).size > 1) return { ok: false, why: 'must hold keys of one log: they bear different names' }
  if (new Set(keys.map(({ keyId }) => keyId)).size < keys.length) return { ok: false, why: 'holds two keys with the same id' }
  return { ok: true, keys }
}

/** What a production start of the control plane needs to be told, and what only a demo has. */
function findMissingInProduction(environment: Environment): string[] {
  const problems: string[] = []
  const isSet = (name: string) => environment[name] !== undefined || environment[`${name}_FILE`] !== undefined
  const needed = (name: string, why: string) => {
    if (!isSet(name)) problems.push(`${name}: is not set; ${why}`)
  }
  needed('DATABASE_URL', 'the embedded database is for development and the demo only')
  needed('AUTOPACK_API_KEY', 'without an instance key no console can be served')
  needed('AUTOPACK_OPERATOR_ASSERTION_JWKS', 'without it no operator can be served')
  needed('AUTOPACK_CHECKPOINT_KEYS', 'without it no checkpoint of the audit log is believed')
  needed('AUTOPACK_CHECKPOINT_API_KEY', 'without it no checkpoint of the audit log can be handed over')
  needed('AUTOPACK_MAX_DAILY_SPEND_USD', 'state the cap, 0 if nothing may be spent')
  needed('AUTOPACK_MAX_ACTIONS_PER_DAY', 'state the cap, 0 if nothing may be done')
  if (!environment['CONSOLE_ORIGIN']?.startsWith('https://'))
    problems.push('CONSOLE_ORIGIN: must be https in production; the set-up link leads there')
  if (isSet('AUTOPACK_STEP_UP') && environment['AUTOPACK_STEP_UP'] !== 'passkey') problems.push('AUTOPACK_STEP_UP: must be passkey in production')
  if (isSet('AUTOPACK_DEMO')) problems.push('AUTOPACK_DEMO: demo operators and keys are not for production')
  return problems
}
