/**
 * The environment as data: each variable has a name, a parser, a default and a sentence; the table in the README is
 * generated from the same list. Secrets come as `NAME_FILE` > `NAME`, and a named file that cannot be used never
 * falls back to something else (security.md, "Configuration").
 */
import { accessSync, constants, readFileSync, statSync } from 'node:fs'

/** No secret here is longer than a few kB; a larger file is another one than was meant, and would be read whole into memory. */
export const secretFileLimitBytes = 64 * 1024

export type Environment = Readonly<Record<string, string | undefined>>

export type Variable<T> = {
  name: string
  kind: 'text' | 'secret' | 'integer' | 'switch' | 'choice' | 'decimal' | 'family'
  /** As a person would write it; null: unset. */
  default_text: string | null
  description: string
  parse: (text: string) => { ok: true; value: T } | { ok: false; why: string }
  unset: T
  /** Of a family, whose name ends in `<…>`: what each member's name begins with. The value holds each member under what follows. */
  family?: { prefix: string; except: readonly string[]; parseMember: (member: string, text: string) => ParsedAmount }
}
type ParsedAmount = { ok: true; value: number } | { ok: false; why: string }

type Described = { description: string }

export function textVariable(name: string, options: Described & { default: string; pattern?: RegExp; expected?: string }): Variable<string>
export function textVariable(name: string, options: Described & { default: null; pattern?: RegExp; expected?: string }): Variable<string | null>
export function textVariable(
  name: string,
  options: Described & { default: string | null; pattern?: RegExp; expected?: string },
): Variable<string | null> {
  return {
    name,
    kind: 'text',
    default_text: options.default,
    description: options.description,
    unset: options.default,
    parse: (text) =>
      !options.pattern || options.pattern.test(text)
        ? { ok: true, value: text }
        : { ok: false, why: options.expected ?? `must match ${options.pattern}` },
  }
}

export function secretVariable(name: string, options: Described & { pattern?: RegExp; expected?: string }): Variable<string | null> {
  return {
    name,
    kind: 'secret',
    default_text: null,
    description: options.description,
    unset: null,
    parse: (text) =>
      !options.pattern || options.pattern.test(text)
        ? { ok: true, value: text }
        : { ok: false, why: options.expected ?? 'does not have the expected form' },
  }
}

export function integerVariable(name: string, options: Described & { default: number; least: number; most: number }): Variable<number> {
  return {
    name,
    kind: 'integer',
    default_text: String(options.default),
    description: options.description,
    unset: options.default,
    parse: (text) => {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
      return value >= options.least && value <= options.most
        ? { ok: true, value }
        : { ok: false, why: `must be a whole number from ${options.least} to ${options.most}` }
    },
  }
}

/** Only `1` is on; `0` and unset are as stated; anything else is a problem, not a guess. */
export function switchVariable(name: string, options: Described & { default: boolean }): Variable<boolean> {
  return {
    name,
    kind: 'switch',
    default_text: options.default ? '1' : '0',
    description: options.description,
    unset: options.default,
    parse: (text) => (text === '0' || text === '1' ? { ok: true, value: text === '1' } : { ok: false, why: 'must be 0 or 1' }),
  }
}

export function choiceVariable<const C extends readonly string[]>(
  name: string,
  options: Described & { default: C[number]; choices: C },
): Variable<C[number]> {
  return {
    name,
    kind: 'choice',
    default_text: options.default,
    description: `${options.description} (${options.choices.join(', ')})`,
    unset: options.default,
    parse: (text) =>
      (options.choices as readonly string[]).includes(text)
        ? { ok: true, value: text }
        : { ok: false, why: `must be one of ${options.choices.join(', ')}` },
  }
}

/** An amount such as `12.50`, read into minor units of a currency with two decimals. */
export function amountMinorVariable(name: string, options: Described): Variable<number> {
  return {
    name,
    kind: 'decimal',
    default_text: '0',
    description: options.description,
    unset: 0,
    parse: (text) => parseAmount(text, 2),
  }
}

/**
 * One variable for each currency, `PREFIX<ISO 4217 code>`, read into minor units by code. `exponentOf` says how many decimals a currency
 * has; a code that it does not know is a problem. `except`: members with a variable of their own.
 */
export function amountsMinorVariable(
  prefix: string,
  options: Described & { exponentOf: (code: string) => number | undefined; except: readonly string[] },
): Variable<Readonly<Record<string, number>>> {
  return {
    name: `${prefix}<ISO 4217 code>`,
    kind: 'family',
    default_text: null,
    description: options.description,
    unset: {},
    parse: () => ({ ok: false, why: 'put the code of a currency in place of <…>' }),
    family: {
      prefix,
      except: options.except,
      parseMember: (code, text) => {
        const exponent = options.exponentOf(code)
        return exponent === undefined ? { ok: false, why: 'its name must end in the ISO 4217 code of a currency' } : parseAmount(text, exponent)
      },
    },
  }
}

function parseAmount(text: string, exponent: number): ParsedAmount {
  const [, whole, fraction = ''] = /^(\d{1,9})(?:\.(\d+))?$/.exec(text) ?? []
  if (whole === undefined || fraction.length > exponent) {
    return { ok: false, why: `must be an amount such as 12${exponent === 0 ? '' : `.${'50'.padEnd(exponent, '0').slice(0, exponent)}`}` }
  }
  return { ok: true, value: Number(whole) * 10 ** exponent + Number(fraction.padEnd(exponent, '0') || 0) }
}

/** The same in every process, so that one setting fits all that are started together. */
export const logLevelVariable = choiceVariable('AUTOPACK_LOG_LEVEL', {
  choices: ['silent', 'fatal', 'error', 'warn', 'info', 'debug'],
  default: 'info',
  description: 'Least level that is logged',
})

/** Where people reach the console: the console checks it, the control plane leads the first person there. */
export const consolePortVariable = integerVariable('CONSOLE_PORT', { default: 4600, least: 0, most: 65_535, description: 'Port of the console' })
export const consoleOriginVariable = textVariable('CONSOLE_ORIGIN', {
  default: null,
  description: 'Origin people type; unset: http://localhost:CONSOLE_PORT',
  pattern: /^https?:\/\/[a-z0-9.-]+(:\d{1,5})?$/,
  expected: 'must be an origin such as https://console.example.org, in lower case, without a path',
})

/** One process writes there, the control plane looks on. */
export const checkpointDirVariable = textVariable('AUTOPACK_CHECKPOINT_DIR', {
  default: null,
  description: 'Folder of the signed checkpoints; the checkpoint writer alone writes there; unset: AUTOPACK_DATA_DIR/checkpoints',
})

/** `readEnvironment` obeys it by itself; a process lists it so that it is documented, and refused when it is neither 0 nor 1. */
export const requireSecretFilesVariable = switchVariable('AUTOPACK_REQUIRE_SECRET_FILES', {
  default: false,
  description: 'Secrets must come from files',
})

export type Variables = Record<string, Variable<unknown>>
export type Values<V extends Variables> = { [K in keyof V]: V[K] extends Variable<infer T> ? T : never }

export type EnvironmentReading<V extends Variables> =
  | { ok: true; values: Values<V>; warnings: string[]; secrets: string[] }
  /** One line a problem; never a value. */
  | { ok: false; problems: string[]; warnings: string[] }

export function readEnvironment<const V extends Variables>(variables: V, environment: Environment): EnvironmentReading<V> {
  const problems: string[] = []
  const warnings: string[] = []
  const secrets: string[] = []
  const values: Record<string, unknown> = {}
  const filesRequired = environment['AUTOPACK_REQUIRE_SECRET_FILES'] === '1'
  for (const [key, variable] of Object.entries(variables)) {
    if (variable.family !== undefined) {
      values[key] = readFamily(variable.family, environment, problems)
      continue
    }
    const text =
      variable.kind === 'secret' ? readSecret(variable.name, environment, { filesRequired, problems, warnings }) : environment[variable.name]
    if (text === undefined || (text === '' && variable.kind !== 'secret')) {
      values[key] = variable.unset
      continue
    }
    const parsed = variable.parse(text)
    if (parsed.ok) values[key] = parsed.value
    else problems.push(`${variable.name}: ${parsed.why}`)
    if (variable.kind === 'secret') secrets.push(text)
  }
  return problems.length > 0 ? { ok: false, problems, warnings } : { ok: true, values: values as Values<V>, warnings, secrets }
}

function readFamily(family: NonNullable<Variable<unknown>['family']>, environment: Environment, problems: string[]): Record<string, number> {
  const members: Record<string, number> = {}
  for (const [name, text] of Object.entries(environment)) {
    const member = name.startsWith(family.prefix) ? name.slice(family.prefix.length) : ''
    if (member === '' || text === undefined || text === '' || family.except.includes(member)) continue
    const parsed = family.parseMember(member, text)
    if (parsed.ok) members[member] = parsed.value
    else problems.push(`${name}: ${parsed.why}`)
  }
  return members
}

type Findings = { filesRequired: boolean; problems: string[]; warnings: string[] }

function readSecret(name: string, environment: Environment, findings: Findings): string | undefined {
  const file = environment[`${name}_FILE`]
  const plain = environment[name]
  if (file === undefined) {
    if (plain === '') findings.problems.push(`${name}: is set but empty`)
    else if (plain !== undefined && findings.filesRequired)
      findings.problems.push(`${name}: must come from ${name}_FILE here, not from the environment`)
    else return plain
    return undefined
  }
  const secret = readSecretFile(`${name}_FILE`, file, findings)
  if (plain === undefined || secret === undefined) return secret
  if (findings.filesRequired) findings.problems.push(`${name}: is set beside ${name}_FILE; unset it, the environment must hold no secret here`)
  else findings.warnings.push(`${name} and ${name}_FILE are both set; ${name}_FILE is used`)
  return secret
}

function readSecretFile(name: string, file: string, findings: Findings): string | undefined {
  if (file === '') {
    findings.problems.push(`${name}: is set but names no file`)
    return undefined
  }
  try {
    const found = statSync(file)
    if (!found.isFile()) {
      findings.problems.push(`${name}: is not a file`)
      return undefined
    }
    if ((found.mode & 0o022) !== 0) {
      findings.problems.push(`${name}: the file is writable by its group or by everybody; chmod go-w it`)
      return undefined
    }
    if ((found.mode & 0o004) !== 0) findings.warnings.push(`${name}: the file is readable by everybody`)
    accessSync(file, constants.R_OK)
    const reading = found.size > secretFileLimitBytes ? { ok: false as const, why: tooLarge } : decodeSecret(readFileSync(file))
    if (reading.ok) return reading.text
    findings.problems.push(`${name}: ${reading.why}`)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    findings.problems.push(
      `${name}: ${code === 'ENOENT' ? 'the file does not exist' : code === 'EACCES' ? 'the file cannot be read' : 'the file cannot be used'}`,
    )
  }
  return undefined
}

const tooLarge = `the file is larger than ${secretFileLimitBytes / 1024} KiB, so it cannot be the one that was meant`

/** Text that a person or a tool wrote into a file, less its last line end; never a guess at what other bytes may mean. */
function decodeSecret(bytes: Uint8Array): { ok: true; text: string } | { ok: false; why: string } {
  if (bytes.length > secretFileLimitBytes) return { ok: false, why: tooLarge }
  if (bytes.includes(0)) return { ok: false, why: 'the file holds NUL bytes; it must be text' }
  let text: string
  try {
    // A byte order mark stays in, and is refused: nobody sees it, and the other side's secret would not have it.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes).replace(/\r?\n$/, '')
  } catch {
    return { ok: false, why: 'the file is not UTF-8 text' }
  }
  if (text.startsWith('\uFEFF')) return { ok: false, why: 'the file begins with a byte order mark; save it without one' }
  return text === '' ? { ok: false, why: 'the file is empty' } : { ok: true, text }
}

/** Ends the process with status 78 (EX_CONFIG of sysexits.h), one line a problem. */
export function refuseToStart(name: string, problems: readonly string[]): never {
  process.stderr.write(problems.map((problem) => `${name}: configuration: ${problem}\n`).join(''))
  process.exit(78)
}
