import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  amountMinorVariable,
  amountsMinorVariable,
  choiceVariable,
  integerVariable,
  readEnvironment,
  secretVariable,
  switchVariable,
  textVariable,
} from './environment.ts'

const folder = mkdtempSync(join(tmpdir(), 'environment-'))
function secretFile(name: string, text: string, mode = 0o600): string {
  const file = join(folder, name)
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}
const variables = { key: secretVariable('THE_KEY', { description: 'a key' }) }

describe('a secret', () => {
  test('comes from the file when file and variable are both set, and one warning names both', () => {
    const reading = readEnvironment(variables, { THE_KEY: 'plain', THE_KEY_FILE: secretFile('both', 'from file\n') })
    expect(reading).toMatchObject({ ok: true, values: { key: 'from file' }, secrets: ['from file'] })
    expect(reading.warnings).toEqual(['THE_KEY and THE_KEY_FILE are both set; THE_KEY_FILE is used'])
  })

  test('loses exactly one trailing newline', () => {
    expect(readEnvironment(variables, { THE_KEY_FILE: secretFile('newline', 'a\n\n') })).toMatchObject({ ok: true, values: { key: 'a\n' } })
  })

  test.each([
    ['is missing', join(folder, 'nothing-here'), 'THE_KEY_FILE: the file does not exist'],
    ['is empty', secretFile('empty', ''), 'THE_KEY_FILE: the file is empty'],
    ['holds only a newline', secretFile('blank', '\n'), 'THE_KEY_FILE: the file is empty'],
    ['is a directory', folder, 'THE_KEY_FILE: is not a file'],
    ['is writable by its group', secretFile('group', 'x', 0o620), 'THE_KEY_FILE: the file is writable by its group or by everybody; chmod go-w it'],
    ['is not named', '', 'THE_KEY_FILE: is set but names no file'],
  ])('never falls back to the variable when its file %s', (_, file, problem) => {
    const reading = readEnvironment(variables, { THE_KEY: 'plain', THE_KEY_FILE: file })
    expect(reading).toMatchObject({ ok: false, problems: [problem] })
    expect(JSON.stringify(reading)).not.toContain('plain')
  })

  test('in a file readable by everybody is used, with a warning', () => {
    const reading = readEnvironment(variables, { THE_KEY_FILE: secretFile('mounted', 'x', 0o444) })
    expect(reading).toMatchObject({ ok: true, warnings: ['THE_KEY_FILE: the file is readable by everybody'] })
  })

  test('in the environment is refused where files are required', () => {
    const reading = readEnvironment(variables, { THE_KEY: 'plain', AUTOPACK_REQUIRE_SECRET_FILES: '1' })
    expect(reading).toMatchObject({ ok: false, problems: ['THE_KEY: must come from THE_KEY_FILE here, not from the environment'] })
  })
})

test('every problem is told at once, and no value is repeated', () => {
  const reading = readEnvironment(
    {
      port: integerVariable('PORT', { default: 1, least: 1, most: 10, description: '' }),
      on: switchVariable('ON', { default: false, description: '' }),
      kind: choiceVariable('KIND', { default: 'a', choices: ['a', 'b'], description: '' }),
      cap: amountMinorVariable('CAP', { description: '' }),
      origin: textVariable('ORIGIN', { default: null, pattern: /^https:/, expected: 'must begin with https:', description: '' }),
    },
    { PORT: '99', ON: 'true', KIND: 'c', CAP: '1,50', ORIGIN: 'canary-value' },
  )
  expect(reading).toEqual({
    ok: false,
    warnings: [],
    problems: [
      'PORT: must be a whole number from 1 to 10',
      'ON: must be 0 or 1',
      'KIND: must be one of a, b',
      'CAP: must be an amount such as 12.50',
      'ORIGIN: must begin with https:',
    ],
  })
})

test('an amount is read into minor units without floating point', () => {
  const read = (text: string) => readEnvironment({ cap: amountMinorVariable('CAP', { description: '' }) }, { CAP: text })
  expect(read('0.07')).toMatchObject({ values: { cap: 7 } })
  expect(read('12.5')).toMatchObject({ values: { cap: 1250 } })
  expect(read('3')).toMatchObject({ values: { cap: 300 } })
})

describe('a family of amounts', () => {
  const exponents: Record<string, number> = { EUR: 2, JPY: 0, KWD: 3 }
  const family = { caps: amountsMinorVariable('CAP_', { description: '', exponentOf: (code) => exponents[code], except: ['USD'] }) }

  test('reads each currency with the decimals it has, leaves out what has a variable of its own, and takes nothing else', () => {
    const reading = readEnvironment(family, { CAP_EUR: '12.5', CAP_JPY: '500', CAP_KWD: '0.007', CAP_USD: '1', CAP_: '3', CAP: '4', OTHER: '5' })
    expect(reading).toMatchObject({ ok: true, values: { caps: { EUR: 1_250, JPY: 500, KWD: 7 } } })
    expect(reading.ok && Object.keys(reading.values.caps)).toHaveLength(3)
    expect(readEnvironment(family, { CAP_EUR: '' })).toMatchObject({ ok: true, values: { caps: {} } })
  })

  test.each([
    ['CAP_XYZ', '1', 'CAP_XYZ: its name must end in the ISO 4217 code of a currency'],
    ['CAP_EUR_FILE', '/caps', 'CAP_EUR_FILE: its name must end in the ISO 4217 code of a currency'],
    ['CAP_eur', '1', 'CAP_eur: its name must end in the ISO 4217 code of a currency'],
    ['CAP_EUR', '1.234', 'CAP_EUR: must be an amount such as 12.50'],
    ['CAP_JPY', '1.5', 'CAP_JPY: must be an amount such as 12'],
    ['CAP_KWD', '1.2345', 'CAP_KWD: must be an amount such as 12.500'],
    ['CAP_EUR', '-1', 'CAP_EUR: must be an amount such as 12.50'],
  ])('refuses %s=%s', (name, value, problem) => {
    expect(readEnvironment(family, { [name]: value })).toEqual({ ok: false, problems: [problem], warnings: [] })
  })
})
