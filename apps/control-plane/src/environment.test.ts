import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { killSwitches } from '@autopack/contract/control'
import { describe, expect, test } from 'vitest'
import { readSettings } from './environment.ts'
import { readAssertionJwks } from './shared/assertion-jwks.ts'
import { testJwksText } from './test/sign-assertion.ts'
import { createPrivateKeyText, readPrivateKey } from '@autopack/checkpoint/note-keys'
import { createTestNoteKey, testOrigin } from './test/checkpoint-story.ts'

const instanceKey = 'k'.repeat(40)
const testVerifierKey = createTestNoteKey().verifierKey.text

const production = {
  AUTOPACK_ENV: 'production',
  DATABASE_URL: 'postgresql://cp:x@db.internal/console?sslmode=verify-full',
  AUTOPACK_API_KEY: instanceKey,
  AUTOPACK_OPERATOR_ASSERTION_JWKS: testJwksText,
  AUTOPACK_CHECKPOINT_KEYS: testVerifierKey,
  AUTOPACK_AUDIT_LOG_NAME: testOrigin,
  AUTOPACK_CHECKPOINT_API_KEY: 'checkpoint-writer-key-0123456789abcdef',
  AUTOPACK_MAX_DAILY_SPEND_USD: '10',
  AUTOPACK_MAX_ACTIONS_PER_DAY: '5',
  CONSOLE_ORIGIN: 'https://console.example.org',
}

function problemsOf(environment: Record<string, string | undefined>): string[] {
  const reading = readSettings(environment)
  return reading.ok ? [] : reading.problems
}

describe('the ceiling', () => {
  test('nothing set means: off, dry, no money, no actions, nobody trusted', () => {
    const reading = readSettings({})
    expect(reading.ok && reading.settings).toMatchObject({
      production: false,
      instanceKey: null,
      assertionJwks: null,
      demo: null,
      databaseUrl: null,
      ceiling: { externalActionsEnabled: false, dryRun: true, maxDailySpendMinor: { USD: 0 }, maxActionsPerDay: 0 },
    })
    expect(reading.ok && Object.values(reading.settings.ceiling.killSwitches)).toEqual(killSwitches.map(() => false))
  })

  test.each(killSwitches)('%s is turned on by its own variable and by no other', (name) => {
    const reading = readSettings({ [`AUTOPACK_ENABLE_${name}`]: '1' })
    const on = reading.ok ? Object.entries(reading.settings.ceiling.killSwitches).filter(([, enabled]) => enabled) : []
    expect(on).toEqual([[name, true]])
  })

  test.each(['true', 'yes', 'on', ' 1', '01', '2'])('a switch that says «%s» is a problem, not a guess', (text) => {
    expect(problemsOf({ AUTOPACK_EXTERNAL_ACTIONS_ENABLED: text })).toEqual(['AUTOPACK_EXTERNAL_ACTIONS_ENABLED: must be 0 or 1'])
  })

  test('money is read into minor units', () => {
    const reading = readSettings({ AUTOPACK_MAX_DAILY_SPEND_USD: '12.5' })
    expect(reading.ok && reading.settings.ceiling.maxDailySpendMinor['USD']).toBe(1_250)
  })

  test('money of every currency has a variable of its own, in the decimals of that currency', () => {
    const reading = readSettings({ AUTOPACK_MAX_DAILY_SPEND_EUR: '7.5', AUTOPACK_MAX_DAILY_SPEND_JPY: '500', AUTOPACK_MAX_DAILY_SPEND_KWD: '1.5' })
    expect(reading.ok && reading.settings.ceiling.maxDailySpendMinor).toEqual({ USD: 0, EUR: 750, JPY: 500, KWD: 1_500 })
    expect(problemsOf({ AUTOPACK_MAX_DAILY_SPEND_BTC: '1', AUTOPACK_MAX_DAILY_SPEND_JPY: '1.5' })).toEqual([
      'AUTOPACK_MAX_DAILY_SPEND_BTC: its name must end in the ISO 4217 code of a currency',
      'AUTOPACK_MAX_DAILY_SPEND_JPY: must be an amount such as 12',
    ])
  })
})

describe('production', () => {
  test('starts with everything stated', () => expect(problemsOf(production)).toEqual([]))

  test.each([
    ['DATABASE_URL', 'embedded'],
    ['AUTOPACK_API_KEY', 'instance key'],
    ['AUTOPACK_OPERATOR_ASSERTION_JWKS', 'operator'],
    ['AUTOPACK_MAX_DAILY_SPEND_USD', 'cap'],
    ['AUTOPACK_MAX_ACTIONS_PER_DAY', 'cap'],
    ['CONSOLE_ORIGIN', 'set-up link'],
  ])('refuses to start without %s', (name, why) => {
    const problems = problemsOf({ ...production, [name]: undefined })
    expect(problems).toEqual([expect.stringContaining(name)])
    expect(problems[0]).toContain(why)
  })

  test.each([
    ['AUTO_APPROVE_BUILD113', 'true'],
    ['DATABASE_URL', 'postgresql://cp:x@db.internal/console'],
    ['AUTOPACK_SIDE_EFFECTS_DRY_RUN', 'maybe'],
    ['AUTOPACK_REQUIRE_SECRET_FILES', 'yes'],
  ])('refuses to start with %s=%s', (name, value) => {
    expect(problemsOf({ ...production, [name]: value })).toEqual([expect.stringContaining(name)])
  })

  test('looks at the database that a file names as it looks at one in the environment', () => {
    const folder = mkdtempSync(join(tmpdir(), 'settings-'))
    const file = join(folder, 'database-url')
    writeFileSync(file, 'postgresql://cp:x@db.internal/console\n', { mode: 0o600 })
    expect(problemsOf({ ...production, DATABASE_URL: undefined, DATABASE_URL_FILE: file })).toEqual([
      expect.stringContaining('DATABASE_URL: must use TLS'),
    ])
    rmSync(folder, { recursive: true })
  })

  test('refuses the demo, and says every problem at once', () => {
    const problems = problemsOf({ ...production, AUTOPACK_DEMO_FILE: '/nowhere', AUTOPACK_MAX_ACTIONS_PER_DAY: undefined })
    expect(problems.join('\n')).toMatch(/AUTOPACK_MAX_ACTIONS_PER_DAY/)
    expect(problems.join('\n')).toMatch(/AUTOPACK_DEMO: demo operators/)
  })

  test('no problem ever shows a value', () => {
    const secret = 'short-secret'
    const problems = problemsOf({
      ...production,
      AUTOPACK_API_KEY: secret,
      DATABASE_URL: `mysql://${secret}`,
      AUTOPACK_OPERATOR_ASSERTION_JWKS: secret,
    })
    expect(problems.length).toBeGreaterThan(1)
    expect(problems.join('\n')).not.toContain(secret)
  })

  test('AUTO_APPROVE_BUILD113 changes nothing outside production', () => {
    expect(readSettings({ AUTO_APPROVE_BUILD113: 'true' })).toEqual(readSettings({}))
  })
})

describe('the keys that verify operator assertions', () => {
  const ed25519 = generateKeyPairSync('ed25519')
  const jwk = { ...ed25519.publicKey.export({ format: 'jwk' }), kid: 'a' }
  const toText = (...keys: object[]) => JSON.stringify({ keys })
  const rsa = (bits: number) => ({ ...generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' }), kid: 'r' })

  test('Ed25519 and RSA keys are each pinned to their algorithm', () => {
    const read = readAssertionJwks(toText(jwk, rsa(2_048)))
    expect(read.ok && [...read.jwks].map(([kid, { alg }]) => [kid, alg])).toEqual([
      ['a', 'EdDSA'],
      ['r', 'RS256'],
    ])
  })

  test.each([
    ['no JSON', 'x', /JSON/],
    ['no keys', toText(), /at least one/],
    ['a key without kid', toText({ ...jwk, kid: undefined }), /kid/],
    ['a kid twice', toText(jwk, jwk), /twice/],
    ['a private key', toText({ ...ed25519.privateKey.export({ format: 'jwk' }), kid: 'a' }), /private/],
    ['a key for encryption', toText({ ...jwk, use: 'enc' }), /signatures/],
    ['a shared secret', toText({ kty: 'oct', k: 'c2VjcmV0', kid: 'a' }), /not a public key/],
    ['a short RSA key', toText(rsa(1_024)), /2048/],
    ['another algorithm than the key has', toText({ ...jwk, alg: 'RS256' }), /EdDSA/],
  ])('%s is refused', (_name, text, why) => {
    const read = readAssertionJwks(text)
    expect(read.ok).toBe(false)
    expect(!read.ok && read.why).toMatch(why)
  })
})

describe('what passkeys need', () => {
  test('they belong to the host of the console, whatever its port', () => {
    const reading = readSettings({ CONSOLE_PORT: '5000' })
    expect(reading.ok && reading.settings).toMatchObject({
      consoleOrigin: 'http://localhost:5000',
      rpId: 'localhost',
      stepUp: 'preferred',
      soleOperator: false,
    })
    const named = readSettings({ CONSOLE_ORIGIN: 'https://console.example.org' })
    expect(named.ok && named.settings.rpId).toBe('console.example.org')
  })

  test('production takes a passkey for control acts, and refuses to hear of anything else', () => {
    const reading = readSettings(production)
    expect(reading.ok && reading.settings.stepUp).toBe('passkey')
    expect(problemsOf({ ...production, AUTOPACK_STEP_UP: 'passkey' })).toEqual([])
    expect(problemsOf({ ...production, AUTOPACK_STEP_UP: 'preferred' })).toEqual(['AUTOPACK_STEP_UP: must be passkey in production'])
  })

  test('a step-up that is none of the two is a problem anywhere', () => {
    expect(problemsOf({ AUTOPACK_STEP_UP: 'none' })).toEqual(['AUTOPACK_STEP_UP: must be one of passkey, preferred'])
  })
})

describe('the keys of checkpoints', () => {
  const other = createTestNoteKey().verifierKey.text

  test('are one or more, of one log, with white space between them', () => {
    const reading = readSettings({ ...production, AUTOPACK_CHECKPOINT_KEYS: `${testVerifierKey}\n${other}` })
    expect(reading.ok && reading.settings.checkpoints.keys.map(({ text }) => text)).toEqual([testVerifierKey, other])
    expect(reading.ok && reading.settings.checkpoints).toMatchObject({ directory: '.autopack/checkpoints', independent: false })
  })

  test.each([
    [
      'of another log',
      `${testVerifierKey} ${readPrivateKey(createPrivateKeyText('elsewhere/audit'))!.verifierKey.text}`,
      'must hold keys of one log',
    ],
    ['twice', `${testVerifierKey} ${testVerifierKey}`, 'holds two keys with the same id'],
    ['with another id', testVerifierKey.replace(/\+[0-9a-f]{8}\+/, '+00000000+'), 'must hold verifier keys'],
    ['that is private', createPrivateKeyText('localhost:4600/audit'), 'must hold verifier keys'],
  ])('refuse the start: one %s', (_what, text, why) => {
    expect(problemsOf({ ...production, AUTOPACK_CHECKPOINT_KEYS: text })).toEqual([expect.stringContaining(`AUTOPACK_CHECKPOINT_KEYS: ${why}`)])
  })

  test('production takes keys of its own log alone: that of CONSOLE_ORIGIN, or the one that is said', () => {
    const unnamed = { ...production, AUTOPACK_AUDIT_LOG_NAME: undefined }
    expect(problemsOf(unnamed)).toEqual([expect.stringContaining('AUTOPACK_CHECKPOINT_KEYS: must be named console.example.org/audit')])
    const own = readPrivateKey(createPrivateKeyText('console.example.org/audit'))!.verifierKey.text
    expect(problemsOf({ ...unnamed, AUTOPACK_CHECKPOINT_KEYS: own })).toEqual([])
    expect(problemsOf({ ...production, AUTOPACK_CHECKPOINT_KEYS: own })).toHaveLength(1)
    expect(problemsOf({ AUTOPACK_CHECKPOINT_KEYS: testVerifierKey, CONSOLE_ORIGIN: 'https://console.example.org' })).toEqual([])
  })

  test.each(['AUTOPACK_CHECKPOINT_KEYS', 'AUTOPACK_CHECKPOINT_API_KEY'])('production does not start without %s', (name) => {
    expect(problemsOf({ ...production, [name]: undefined })).toEqual([expect.stringContaining(`${name}: is not set`)])
  })
})
