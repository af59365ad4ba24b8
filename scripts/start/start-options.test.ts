import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { buildChildEnvironments, origins } from './child-environments.ts'
import { readStartOptions } from './start-options.ts'

const secretFiles = {
  instanceKey: '/s/i',
  privateKey: '/s/p',
  publicKey: '/s/q',
  assertionJwks: '/s/j',
  checkpointApiKey: '/s/c',
  checkpointPrivateKey: '/s/k',
  checkpointKeys: '/s/v',
  shopToken: '/s/t',
  agentKey: '/s/a',
  demo: '/s/d',
}

function read(parameters: string[], environment: NodeJS.ProcessEnv = {}) {
  return readStartOptions(parameters, { INIT_CWD: '/home/me', ...environment }, '/checkout')
}

describe('options', () => {
  test('a flag wins over the environment, the environment over the default', () => {
    expect(read([])).toMatchObject({ kind: 'run', options: { ports: { console: 4600, controlPlane: 4601, shop: 4602 }, agent: true, fresh: false } })
    expect(read([], { CONSOLE_PORT: '5000' })).toMatchObject({ options: { ports: { console: 5000 } } })
    expect(read(['--port', '5001', '--shop-port=5003'], { CONSOLE_PORT: '5000' })).toMatchObject({
      options: { ports: { console: 5001, shop: 5003 } },
    })
  })

  test('behind a proxy the console is where people type it, and hears which proxies to believe', () => {
    const reading = read([], { CONSOLE_ORIGIN: 'https://console.example.org' })
    if (reading.kind !== 'run') throw new Error('not a run')
    expect(origins(reading.options)).toMatchObject({ console: 'https://console.example.org', controlPlane: 'http://127.0.0.1:4601' })
    const caller = { CONSOLE_ORIGIN: 'https://console.example.org', AUTOPACK_TRUSTED_PROXIES: '10.0.0.7' }
    expect(buildChildEnvironments('/checkout', reading.options, secretFiles, caller).bff).toMatchObject(caller)
  })

  test('folders are relative to where the command was typed, and default to the checkout', () => {
    expect(read([])).toMatchObject({ options: { workspace: '/checkout', dataDir: '/checkout/.autopack' } })
    expect(read(['--workspace', 'photos', '--data-dir', '../data', '--no-agent', '--fresh'])).toMatchObject({
      options: { workspace: '/home/me/photos', dataDir: resolve('/home/data'), agent: false, fresh: true },
    })
  })

  test.each([
    [['--prot', '1'], /^Unknown option '--prot'\. See npm start -- --help$/],
    [['something'], /^Unexpected argument 'something'\./],
    [['--port', '0'], /^--port must be a port from 1 to 65535\.$/],
    [['--port', '70000'], /^--port must be/],
    [['--shop-port', '12x'], /^--shop-port must be/],
    [['--port', '4602'], /three different ports/],
  ])('%j is refused in one line', (parameters, sentence) => {
    const reading = read(parameters)
    expect(reading.kind === 'refused' && reading.why).toMatch(sentence)
    expect(reading.kind === 'refused' && reading.why).not.toContain('\n')
  })

  test.each(['DATABASE_URL', 'DATABASE_URL_FILE', 'BFF_DATABASE_URL', 'BFF_DATABASE_URL_FILE'])(
    '--fresh is refused when %s is set, because it cannot empty that database',
    (name) => {
      const why = `--fresh cannot empty a PostgreSQL database: drop its schemas (control_plane, bff), delete the folder of checkpoints and start without --fresh, or unset ${name}.`
      expect(read(['--fresh'], { [name]: 'postgres://cp' })).toEqual({ kind: 'refused', why })
      expect(read([], { [name]: 'postgres://cp' })).toMatchObject({ kind: 'run' })
      expect(read(['--fresh'], { [name]: '' })).toMatchObject({ kind: 'run', options: { fresh: true } })
    },
  )

  test('an empty variable counts as unset', () => {
    const empty = { CONSOLE_PORT: '', CONTROL_PLANE_PORT: '', DEMO_SHOP_PORT: '', DEMO_WORKSPACE: '', AUTOPACK_DATA_DIR: '' }
    expect(read([], empty)).toEqual(read([]))
  })

  test('a port of the environment is named by its variable when it is wrong', () => {
    expect(read([], { DEMO_SHOP_PORT: 'x' })).toEqual({ kind: 'refused', why: 'DEMO_SHOP_PORT must be a port from 1 to 65535.' })
  })
})

test('the processes get nothing of the caller but the way to programs and databases, and each only the secrets it needs, as files', () => {
  const reading = read([])
  if (reading.kind !== 'run') throw new Error('refused')
  const caller = {
    PATH: '/bin',
    HOME: '/home/me',
    AWS_SECRET_ACCESS_KEY: 'x',
    NODE_OPTIONS: '--inspect',
    AUTOPACK_ENABLE_ETSY_PUBLISH: '1',
    DATABASE_URL: 'postgres://cp',
    AUTOPACK_STEP_UP: 'passkey',
    AUTOPACK_SOLE_OPERATOR: '1',
  }
  const environments = buildChildEnvironments('/checkout', reading.options, secretFiles, caller)
  for (const environment of Object.values(environments)) {
    expect(environment).not.toHaveProperty('AWS_SECRET_ACCESS_KEY')
    expect(environment).not.toHaveProperty('NODE_OPTIONS')
    expect(environment).not.toHaveProperty('AUTOPACK_ENABLE_ETSY_PUBLISH')
    expect(environment).not.toHaveProperty('AUTOPACK_SOLE_OPERATOR')
  }
  const secretsOf = (environment: Record<string, string | undefined>) => Object.values(environment).filter((value) => value?.startsWith('/s/'))
  expect(secretsOf(environments.controlPlane).toSorted()).toEqual(['/s/c', '/s/d', '/s/i', '/s/j', '/s/v'])
  expect(secretsOf(environments.checkpointWriter).toSorted()).toEqual(['/s/c', '/s/k'])
  expect(secretsOf(environments.bff).toSorted()).toEqual(['/s/d', '/s/i', '/s/p', '/s/q'])
  expect(secretsOf(environments.shop)).toEqual(['/s/t'])
  expect(secretsOf(environments.agent).toSorted()).toEqual(['/s/a', '/s/t'])
  expect(environments.bff.DATABASE_URL).toBeUndefined()
  expect(environments.controlPlane).toMatchObject({
    DATABASE_URL: 'postgres://cp',
    AUTOPACK_EXTERNAL_ACTIONS_ENABLED: '1',
    AUTOPACK_SIDE_EFFECTS_DRY_RUN: '0',
  })
  const stepUps = Object.values(environments).map((environment) => environment['AUTOPACK_STEP_UP'])
  expect(stepUps).toEqual(['passkey', undefined, undefined, undefined, undefined])
  // What signs the log is known to one process alone.
  const signers = Object.entries(environments).filter(([, environment]) => Object.values(environment).includes(secretFiles.checkpointPrivateKey))
  expect(signers.map(([name]) => name)).toEqual(['checkpointWriter'])
  expect(environments.shop).not.toHaveProperty('AUTOPACK_EXTERNAL_ACTIONS_ENABLED')
})
