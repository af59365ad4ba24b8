import { join } from 'node:path'
import type { SecretFiles } from './demo-secrets.ts'
import type { StartOptions } from './start-options.ts'

type ChildEnvironment = Record<string, string | undefined>
export type ChildEnvironments = Record<'controlPlane' | 'bff' | 'checkpointWriter' | 'shop' | 'agent', ChildEnvironment>

/** What the demo switches on, for its own processes only: everything else is off and dry when nothing is said. */
export const demoSwitches = {
  AUTOPACK_EXTERNAL_ACTIONS_ENABLED: '1',
  AUTOPACK_ENABLE_DEMO_SHOP_PUBLISH: '1',
  AUTOPACK_SIDE_EFFECTS_DRY_RUN: '0',
  AUTOPACK_MAX_DAILY_SPEND_USD: '25.00',
  AUTOPACK_MAX_ACTIONS_PER_DAY: '50',
} as const

/** Taken from the caller when set: where the databases are, which proxies stand in front, what a step-up takes, how much is logged. Nothing else gets in. */
const passedOn = {
  controlPlane: ['DATABASE_URL', 'DATABASE_URL_FILE', 'AUTOPACK_STEP_UP', 'AUTOPACK_LOG_LEVEL'],
  checkpointWriter: ['AUTOPACK_LOG_LEVEL'],
  bff: ['BFF_DATABASE_URL', 'BFF_DATABASE_URL_FILE', 'AUTOPACK_TRUSTED_PROXIES', 'AUTOPACK_LOG_LEVEL'],
} as const

export function origins({ ports, origin }: Pick<StartOptions, 'ports' | 'origin'>) {
  return {
    // Cookies ignore ports: the console has the name localhost for itself, everything else is 127.0.0.1.
    console: origin ?? `http://localhost:${ports.console}`,
    controlPlane: `http://127.0.0.1:${ports.controlPlane}`,
    shop: `http://127.0.0.1:${ports.shop}`,
  }
}

/** The whole environment of each process; secrets as files. */
export function buildChildEnvironments(root: string, options: StartOptions, secrets: SecretFiles, caller: NodeJS.ProcessEnv): ChildEnvironments {
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, caller[name]]))
  const base = { ...pick(['PATH', 'HOME', 'TZ', 'LANG', 'TMPDIR']), AUTOPACK_ENV: 'development', AUTOPACK_DATA_DIR: options.dataDir }
  const at = origins(options)
  return {
    controlPlane: {
      ...base,
      ...pick(passedOn.controlPlane),
      ...demoSwitches,
      CONTROL_PLANE_HOST: '127.0.0.1',
      CONTROL_PLANE_PORT: String(options.ports.controlPlane),
      // Passkeys are made and used at this origin, and set-up links lead there.
      CONSOLE_ORIGIN: at.console,
      AUTOPACK_ARTIFACT_DIR: join(options.dataDir, 'artifacts'),
      AUTOPACK_API_KEY_FILE: secrets.instanceKey,
      AUTOPACK_OPERATOR_ASSERTION_JWKS_FILE: secrets.assertionJwks,
      AUTOPACK_CHECKPOINT_KEYS_FILE: secrets.checkpointKeys,
      AUTOPACK_CHECKPOINT_API_KEY_FILE: secrets.checkpointApiKey,
      AUTOPACK_DEMO_FILE: secrets.demo,
      AUTOPACK_ENVIRONMENT_NAME: 'demo',
    },
    bff: {
      ...base,
      ...pick(passedOn.bff),
      CONSOLE_PORT: String(options.ports.console),
      CONSOLE_ORIGIN: at.console,
      CONTROL_PLANE_URL: at.controlPlane,
      AUTOPACK_API_KEY_FILE: secrets.instanceKey,
      JWT_PRIVATE_KEY_FILE: secrets.privateKey,
      JWT_PUBLIC_KEY_FILE: secrets.publicKey,
      AUTOPACK_DEMO_FILE: secrets.demo,
      WEB_DIST_DIR: join(root, 'apps/web/dist'),
    },
    checkpointWriter: {
      ...base,
      ...pick(passedOn.checkpointWriter),
      CONTROL_PLANE_URL: at.controlPlane,
      AUTOPACK_CHECKPOINT_API_KEY_FILE: secrets.checkpointApiKey,
      AUTOPACK_CHECKPOINT_PRIVATE_KEY_FILE: secrets.checkpointPrivateKey,
    },
    shop: { ...base, DEMO_SHOP_PORT: String(options.ports.shop), DEMO_SHOP_TOKEN_FILE: secrets.shopToken },
    agent: {
      ...base,
      AUTOPACK_URL: at.controlPlane,
      AUTOPACK_EXECUTOR_KEY_FILE: secrets.agentKey,
      DEMO_SHOP_URL: at.shop,
      DEMO_SHOP_TOKEN_FILE: secrets.shopToken,
      DEMO_WORKSPACE: options.workspace,
    },
  }
}
