/** Every secret of every process, from a file that is as it should be and from every kind that is not (security.md, "Configuration"). */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readEnvironment, secretFileLimitBytes } from '@autopack/server-kit/environment'
import type { Variable } from '@autopack/server-kit/environment'
import { createExecutorKey } from '@autopack/server-kit/executor-key'
import { afterAll, describe, expect, test } from 'vitest'
import { processEntries } from './process-entries.ts'

const root = join(import.meta.dirname, '../..')
const folder = mkdtempSync(join(tmpdir(), 'secret-files-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A value that the variable's own check takes, with `canary` in it where the form allows. */
function canaryFor(name: string): string {
  if (name.endsWith('DATABASE_URL')) return 'postgresql:///canary?host=/run/canary'
  if (name === 'AUTOPACK_EXECUTOR_KEY') return createExecutorKey().text
  return `canary-${createHash('sha256').update(name).digest('hex')}`
}

const secretsOf = (variables: Readonly<Record<string, Variable<unknown>>>) => Object.values(variables).filter(({ kind }) => kind === 'secret')
const everySecret = Object.entries(processEntries).flatMap(([process, { variables }]) =>
  secretsOf(variables).map((variable) => ({ process, name: variable.name, variable, canary: canaryFor(variable.name) })),
)

let count = 0
function file(content: string | Uint8Array, mode = 0o400): string {
  count += 1
  const path = join(folder, String(count))
  writeFileSync(path, content)
  chmodSync(path, mode)
  return path
}

/** As Kubernetes mounts one: the name leads to a folder that is exchanged whole, and that to the file. */
function mountedFile(content: string): string {
  count += 1
  const mount = join(folder, `mount-${count}`)
  mkdirSync(join(mount, '..2026_11_22'), { recursive: true })
  writeFileSync(join(mount, '..2026_11_22', 'secret'), content, { mode: 0o440 })
  symlinkSync('..2026_11_22', join(mount, '..data'))
  symlinkSync('..data/secret', join(mount, 'secret'))
  return join(mount, 'secret')
}

type Refused = { what: string; make: (canary: string) => Record<'plain' | 'file', string | undefined>; why: string; filesRequired?: true }

const refused: readonly Refused[] = [
  { what: 'is missing', make: () => ({ plain: undefined, file: join(folder, 'nowhere') }), why: 'the file does not exist' },
  {
    what: 'is missing while the variable is set',
    make: (canary) => ({ plain: canary, file: join(folder, 'nowhere') }),
    why: 'the file does not exist',
  },
  { what: 'has an empty name', make: () => ({ plain: undefined, file: '' }), why: 'is set but names no file' },
  { what: 'is empty', make: () => ({ plain: undefined, file: file('') }), why: 'the file is empty' },
  { what: 'is empty while the variable is set', make: (canary) => ({ plain: canary, file: file('') }), why: 'the file is empty' },
  { what: 'holds one line end and nothing else', make: () => ({ plain: undefined, file: file('\r\n') }), why: 'the file is empty' },
  { what: 'is a folder', make: () => ({ plain: undefined, file: folder }), why: 'is not a file' },
  {
    what: 'can be written by its group',
    make: (canary) => ({ plain: undefined, file: file(canary, 0o460) }),
    why: 'the file is writable by its group',
  },
  {
    what: 'can be written by everybody',
    make: (canary) => ({ plain: undefined, file: file(canary, 0o406) }),
    why: 'the file is writable by its group',
  },
  { what: 'holds NUL bytes', make: (canary) => ({ plain: undefined, file: file(`${canary}\0`) }), why: 'the file holds NUL bytes' },
  {
    what: 'is UTF-16',
    make: (canary) => ({ plain: undefined, file: file(Buffer.from(`\uFEFF${canary}`, 'utf16le')) }),
    why: 'the file holds NUL bytes',
  },
  {
    what: 'is Latin-1',
    make: (canary) => ({ plain: undefined, file: file(Buffer.from(`${canary}é`, 'latin1')) }),
    why: 'the file is not UTF-8 text',
  },
  {
    what: 'begins with a byte order mark',
    make: (canary) => ({ plain: undefined, file: file(`\uFEFF${canary}`) }),
    why: 'the file begins with a byte order mark',
  },
  {
    what: 'is one byte too large',
    make: (canary) => ({ plain: undefined, file: file(canary.padEnd(secretFileLimitBytes + 1, '\n')) }),
    why: 'the file is larger than 64 KiB',
  },
  { what: 'is not there and the variable is empty', make: () => ({ plain: '', file: undefined }), why: 'is set but empty' },
  {
    what: 'is required, and the variable holds the secret',
    make: (canary) => ({ plain: canary, file: undefined }),
    why: 'must come from',
    filesRequired: true,
  },
  {
    what: 'is required and there, and the variable holds a secret too',
    make: (canary) => ({ plain: canary, file: file(canary) }),
    why: 'is set beside',
    filesRequired: true,
  },
]

const toEnvironment = (name: string, { make, filesRequired }: Omit<Refused, 'why' | 'what'>, canary: string) => {
  const made = make(canary)
  return {
    ...(made.plain === undefined ? {} : { [name]: made.plain }),
    ...(made.file === undefined ? {} : { [`${name}_FILE`]: made.file }),
    ...(filesRequired ? { AUTOPACK_REQUIRE_SECRET_FILES: '1' } : {}),
  }
}

test('there are secrets to look at, in every process', () => {
  expect(Object.keys(processEntries)).toEqual(['control-plane', 'migrate', 'bff', 'checkpoint-writer', 'demo-agent', 'demo-shop'])
  for (const process of Object.keys(processEntries)) expect(everySecret.filter((secret) => secret.process === process).length).toBeGreaterThan(0)
  expect(new Set(everySecret.map(({ name }) => name))).toContain('DATABASE_URL')
})

describe.each(refused)('a secret whose file $what', (way) => {
  test.each(everySecret)('refuses the start: $process, $name', ({ name, variable, canary }) => {
    const reading = readEnvironment({ secret: variable }, toEnvironment(name, way, canary))
    expect(reading.ok).toBe(false)
    const problems = reading.ok ? [] : reading.problems
    expect(problems).toEqual([expect.stringContaining(way.why)])
    expect(problems[0]).toMatch(new RegExp(`^${name}(_FILE)?: `))
    expect(JSON.stringify(reading)).not.toContain(canary)
  })
})

/** Every way once in every process: as many at a time as the process has secrets, so that each start has several lines to say. */
const starts = Object.entries(processEntries).flatMap(([process, { entry, variables }]) => {
  const secrets = secretsOf(variables)
  return Array.from({ length: Math.ceil(refused.length / secrets.length) }, (_, start) => ({
    process,
    entry,
    broken: secrets.map(({ name }, index) => ({
      name,
      canary: canaryFor(name),
      way: refused[(start * secrets.length + index) % refused.length]!,
    })),
  }))
})

test.each(starts)(
  '$process ends with status 78 and one line for each broken secret, and none of their values',
  async ({ process, entry, broken }) => {
    const { status, output } = await run(entry, Object.assign({}, ...broken.map(({ name, canary, way }) => toEnvironment(name, way, canary))))
    const lines = output.trimEnd().split('\n')
    expect([status, lines.length]).toEqual([78, broken.length])
    for (const { name, canary, way } of broken) {
      const said = lines.filter((line) => new RegExp(`^${process}: configuration: ${name}(_FILE)?: `).test(line))
      expect(said).toEqual([expect.stringContaining(way.why)])
      expect(output).not.toContain(canary)
    }
    expect(output).not.toContain('canary')
  },
)

describe.each(everySecret)('$name of the $process', ({ name, variable, canary }) => {
  const read = (environment: Record<string, string>) => {
    const reading = readEnvironment({ secret: variable }, environment)
    return reading.ok ? { value: reading.values.secret, warnings: reading.warnings } : reading.problems
  }

  test.each([
    ['loses one line end', '\n', ''],
    ['loses one line end of Windows', '\r\n', ''],
    ['keeps a second line end', '\n\n', '\n'],
  ])('%s', (_what, written, kept) => {
    // What is kept is asked of a variable without a form of its own: a key with a line end in it is no key.
    const reading = readEnvironment(
      { secret: { ...variable, parse: (value: string) => ({ ok: true as const, value }) } },
      { [`${name}_FILE`]: file(`${canary}${written}`) },
    )
    expect(reading).toMatchObject({ ok: true, values: { secret: `${canary}${kept}` }, warnings: [] })
  })

  test('comes through links, as Kubernetes mounts it', () => {
    expect(read({ [`${name}_FILE`]: mountedFile(canary) })).toEqual({ value: canary, warnings: [] })
  })

  test('comes from the file when both are set, with one warning that names both and shows neither', () => {
    expect(read({ [name]: `${canary}-plain`, [`${name}_FILE`]: file(canary) })).toEqual({
      value: canary,
      warnings: [`${name} and ${name}_FILE are both set; ${name}_FILE is used`],
    })
  })

  test('is used with one warning when everybody may read its file, as compose mounts it', () => {
    expect(read({ [`${name}_FILE`]: file(canary, 0o444), AUTOPACK_REQUIRE_SECRET_FILES: '1' })).toEqual({
      value: canary,
      warnings: [`${name}_FILE: the file is readable by everybody`],
    })
  })

  test('may be as large as the limit', () => {
    const large = { ...variable, parse: (value: string) => ({ ok: true as const, value }) }
    const longest = 'x'.repeat(secretFileLimitBytes)
    expect(readEnvironment({ secret: large }, { [`${name}_FILE`]: file(longest) })).toMatchObject({ ok: true, values: { secret: longest } })
  })

  test('is read anew from what the links lead to after an exchange', () => {
    const path = mountedFile(canary)
    const mount = join(path, '..')
    mkdirSync(join(mount, '..2026_11_23'))
    writeFileSync(join(mount, '..2026_11_23', 'secret'), '', { mode: 0o440 })
    symlinkSync('..2026_11_23', join(mount, '..data.new'))
    renameSync(join(mount, '..data.new'), join(mount, '..data'))
    expect(read({ [`${name}_FILE`]: path })).toEqual([`${name}_FILE: the file is empty`])
  })
})

function run(entry: string, environment: Record<string, string>): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, entry)], {
      cwd: folder,
      env: { PATH: process.env['PATH'], AUTOPACK_DATA_DIR: folder, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 20_000,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, output }))
  })
}
