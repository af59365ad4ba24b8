import { generateKeyPairSync } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { readConfiguration } from './environment.ts'

const pem = (made: { privateKey: KeyObject }) => made.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
const pair = generateKeyPairSync('ed25519')
const production = {
  AUTOPACK_ENV: 'production',
  CONSOLE_ORIGIN: 'https://console.example.org',
  AUTOPACK_TRUSTED_PROXIES: '10.0.0.0/8',
  JWT_PRIVATE_KEY: pem(pair),
  JWT_PUBLIC_KEY: pair.publicKey.export({ format: 'pem', type: 'spki' }).toString(),
  AUTOPACK_API_KEY: 'k'.repeat(40),
  BFF_DATABASE_URL: 'postgresql://bff:secret@db.internal/autopack?sslmode=verify-full',
}
async function problemsOf(environment: Record<string, string | undefined>): Promise<string[]> {
  const reading = await readConfiguration(environment)
  return reading.ok ? [] : reading.problems
}

describe('an empty environment', () => {
  test('starts in development on loopback, with a key of its own and without the control plane', async () => {
    const reading = await readConfiguration({})
    if (!reading.ok) throw new Error(reading.problems.join())
    expect(reading.configuration).toMatchObject({
      production: false,
      host: null,
      port: 4600,
      origin: 'http://localhost:4600',
      apiKey: null,
      databaseUrl: null,
      demoOperators: [],
    })
    expect(reading.warnings.map((warning) => warning.split(' ')[0])).toEqual(['JWT_PRIVATE_KEY', 'AUTOPACK_API_KEY'])
    const again = await readConfiguration({})
    expect(again.ok && again.configuration.signingKey.keyId).not.toBe(reading.configuration.signingKey.keyId)
  })
})

describe('production', () => {
  test('starts when everything is as it must be', async () => {
    expect(await problemsOf(production)).toEqual([])
    expect(await problemsOf({ ...production, BFF_DATABASE_URL: 'postgresql:///autopack?host=/run/postgresql' })).toEqual([])
  })

  test('names every problem of an otherwise empty environment in one go', async () => {
    const problems = await problemsOf({ AUTOPACK_ENV: 'production', AUTOPACK_DEMO: '{"operators":[]}' })
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'CONSOLE_ORIGIN',
      'AUTOPACK_TRUSTED_PROXIES',
      'AUTOPACK_DEMO',
      'JWT_PRIVATE_KEY',
      'AUTOPACK_API_KEY',
      'BFF_DATABASE_URL',
    ])
  })

  test.each([
    ['NODE_OPTIONS', '--inspect'],
    ['CONSOLE_ORIGIN', 'http://console.example.org'],
    ['AUTOPACK_TRUSTED_PROXIES', undefined],
    ['AUTOPACK_DEMO', '{"operators":[]}'],
    ['JWT_PRIVATE_KEY', undefined],
    ['AUTOPACK_API_KEY', undefined],
    ['BFF_DATABASE_URL', undefined],
    ['BFF_DATABASE_URL', 'postgresql://bff:secret@db.internal/autopack'],
  ])('refuses %s=%s', async (name, value) => {
    const changed = { ...production, [name]: value, ...(name === 'JWT_PRIVATE_KEY' ? { JWT_PUBLIC_KEY: undefined } : {}) }
    expect((await problemsOf(changed)).map((problem) => problem.split(':')[0])).toEqual([name])
  })
})

describe('in every environment', () => {
  test.each([
    ['CONSOLE_ORIGIN', 'https://console.example.org/path'],
    ['CONSOLE_ORIGIN', 'https://user@console.example.org'],
    ['CONSOLE_PORT', '99999'],
    ['CONSOLE_HOST', 'localhost'],
    ['CONTROL_PLANE_URL', 'http://cp/path'],
    ['AUTOPACK_TRUSTED_PROXIES', '0.0.0.0/0'],
    ['AUTOPACK_TRUSTED_PROXIES', 'everybody'],
    ['AUTOPACK_API_KEY', 'short'],
    ['JWT_PRIVATE_KEY', 'not a key at all'],
    ['JWT_PRIVATE_KEY', generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['JWT_PRIVATE_KEY', generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()],
    ['BFF_DATABASE_URL', 'mysql://x'],
    ['AUTOPACK_DEMO', '{"operators":[{"name":"admin"}]}'],
  ])('refuses %s that cannot be right, without quoting it', async (name, value) => {
    const problems = await problemsOf({ [name]: value })
    expect(problems.length).toBe(1)
    expect(problems[0]).toMatch(new RegExp(`^${name}: `))
    expect(problems[0]).not.toContain(value)
  })

  test('a public key must belong to the private key', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'pem', type: 'spki' }).toString()
    expect(await problemsOf({ JWT_PRIVATE_KEY: pem(pair), JWT_PUBLIC_KEY: other })).toEqual([
      'JWT_PUBLIC_KEY: is not the public half of JWT_PRIVATE_KEY',
    ])
  })

  test('an RSA key of 2048 bits signs with RS256', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString()
    const reading = await readConfiguration({ JWT_PRIVATE_KEY: rsa })
    expect(reading.ok && reading.configuration.signingKey.algorithm).toBe('RS256')
  })
})
