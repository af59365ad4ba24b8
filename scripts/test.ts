/**
 * `npm test`, the one test command: every gate, every suite on both databases, the planted violations, and the browser.
 * A skipped test counts as failed. The last line is `N passed, N failed`.
 *
 * `npm test -- --only gates|unit|postgres|planted|e2e` runs a part (for work in progress; it says so at the end).
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { findChromium } from './test/find-chromium.ts'
import { gates } from './test/gates.ts'
import { makePlantedCopy } from './test/planted-copy.ts'
import { startPostgres } from './test/start-postgres.ts'

const { values } = parseArgs({ options: { only: { type: 'string', multiple: true } } })
const parts = ['gates', 'unit', 'postgres', 'planted', 'e2e'] as const
type Part = (typeof parts)[number]
const chosen = (values.only ?? [...parts]) as Part[]
for (const part of chosen) {
  if (!parts.includes(part)) {
    process.stderr.write(`--only takes ${parts.join(', ')}; not ${part}\n`)
    process.exit(2)
  }
}

const results = '.cache/test-results'
rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })
let passed = 0
const failures: string[] = []
const started = Date.now()

function note(ok: boolean, name: string, detail = ''): void {
  if (ok) passed += 1
  else failures.push(name)
  process.stdout.write(`${ok ? 'ok  ' : 'FAIL'} ${name}${ok || detail === '' ? '' : `\n${indent(detail)}`}\n`)
}

type Ended = { status: number; output: string }

function run(command: readonly [string, ...string[]], options: { env?: Record<string, string>; show?: boolean } = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const [program, ...args] = command
    const child = spawn(program, args, { env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const take = (part: Buffer) => {
      output += part.toString()
      if (options.show) process.stdout.write(part)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.once('error', (error) => resolve({ status: 127, output: String(error) }))
    child.once('close', (status) => resolve({ status: status ?? 1, output }))
  })
}

async function runGates(): Promise<void> {
  for (const gate of gates) {
    const ended = await run(gate.command)
    note(ended.status === 0, `gate: ${gate.name}`, `${lastLines(ended.output, 40)}\nto mend it: ${gate.fix}`)
  }
}

async function runPlanted(): Promise<void> {
  const copy = makePlantedCopy()
  try {
    for (const gate of gates) {
      for (const violation of gate.planted) {
        copy.plant(violation.files)
        const ended = copy.run(gate.command)
        const found = ended.status !== 0 && ended.output.includes(violation.expect)
        note(
          found,
          `planted: "${gate.name}" finds ${violation.what}`,
          `status ${ended.status}, expected to read ${violation.expect}\n${lastLines(ended.output, 15)}`,
        )
      }
    }
    // The counting itself: a failing test, a skipped one and one to be written must each count as failed.
    const suites: Record<string, string> = {
      'a failing test': "test('planted', () => expect(1).toBe(2))",
      'a skipped test': "test.skip('planted', () => undefined)",
      'a test that is to be written': "test.todo('planted')",
    }
    for (const [what, body] of Object.entries(suites)) {
      copy.plant({ 'packages/contract/src/planted.test.ts': `import { expect, test } from 'vitest'\nvoid expect\n${body}\n` })
      const ended = copy.run(['vitest', 'run', '--reporter=json', '--outputFile=planted.json', 'packages/contract/src/planted.test.ts'])
      const counted = countVitest(join(copy.root, 'planted.json'))
      note(counted.failed.length > 0, `planted: the unit tests count ${what} as failed`, lastLines(ended.output, 15))
    }
  } finally {
    copy.remove()
  }
}

type Counted = { passed: number; failed: string[] }

function countVitest(file: string): Counted {
  type Report = { testResults: { name: string; status: string; message: string; assertionResults: { status: string; fullName: string }[] }[] }
  const counted: Counted = { passed: 0, failed: [] }
  let report: Report
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return { passed: 0, failed: ['the test run ended without a report'] }
  }
  for (const suite of report.testResults) {
    if (suite.assertionResults.length === 0) counted.failed.push(`${suite.name}: no test ran: ${suite.message.slice(0, 500)}`)
    for (const test of suite.assertionResults) {
      if (test.status === 'passed') counted.passed += 1
      else counted.failed.push(`${test.fullName} (${test.status})`)
    }
  }
  return counted
}

async function runVitest(name: string, files: string[], env: Record<string, string>): Promise<void> {
  const file = join(results, `${name}.json`)
  const ended = await run(['vitest', 'run', '--reporter=json', `--outputFile=${file}`, '--reporter=dot', ...files], { env })
  const counted = countVitest(file)
  if (ended.status !== 0 && counted.failed.length === 0) counted.failed.push(`${name}: the run failed outside its tests`)
  passed += counted.passed
  for (const failed of counted.failed) note(false, `${name}: ${failed}`)
  if (counted.failed.length > 0) process.stdout.write(`${indent(lastLines(ended.output, 120))}\n`)
  process.stdout.write(`     ${name}: ${counted.passed} passed, ${counted.failed.length} failed\n`)
}

async function runEndToEnd(): Promise<void> {
  const chromium = findChromium()
  // Playwright takes a relative name from its own folder.
  const file = resolve(results, 'e2e.json')
  const build = await run(['node', 'scripts/build.ts'])
  note(build.status === 0, 'the pages build', lastLines(build.output, 40))
  const sizes = await run(['node', 'scripts/bundle-sizes.ts'])
  note(sizes.status === 0, 'the first load and the decision route stay within their budgets', sizes.output)
  if (sizes.status === 0) process.stdout.write(`${indent(sizes.output.trim())}\n`)
  const ended = await run(['playwright', 'test', '--config', 'e2e/playwright.config.ts'], {
    env: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
    show: true,
  })
  type Suite = { title: string; suites?: Suite[]; specs?: { title: string; tests: { status: string }[] }[] }
  const failed: string[] = []
  let ok = 0
  const visit = (suite: Suite): void => {
    for (const spec of suite.specs ?? []) {
      for (const test of spec.tests) {
        // `flaky` passed only on a second try: a noisy test is a failing test.
        if (test.status === 'expected') ok += 1
        else failed.push(`${suite.title} › ${spec.title} (${test.status})`)
      }
    }
    for (const inner of suite.suites ?? []) visit(inner)
  }
  try {
    for (const suite of (JSON.parse(readFileSync(file, 'utf8')) as { suites: Suite[] }).suites) visit(suite)
  } catch {
    failed.push('the browser tests ended without a report')
  }
  if (ended.status !== 0 && failed.length === 0) failed.push('the browser tests failed outside their tests')
  passed += ok
  for (const name of failed) note(false, `e2e: ${name}`)
  process.stdout.write(`     e2e: ${ok} passed, ${failed.length} failed\n`)
}

function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n')
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '     ')
}

const steps: Record<Part, () => Promise<void>> = {
  gates: runGates,
  unit: () => runVitest('unit and integration, embedded database', [], {}),
  postgres: async () => {
    const postgres = await startPostgres()
    process.stdout.write(`     ${postgres.version}\n`)
    try {
      await runVitest('integration, PostgreSQL', ['apps/control-plane', 'apps/bff'], { TEST_DATABASE_URL: postgres.url })
    } finally {
      await postgres.stop()
    }
  },
  planted: runPlanted,
  e2e: runEndToEnd,
}

for (const part of parts) {
  if (!chosen.includes(part)) continue
  const begun = Date.now()
  try {
    await steps[part]()
  } catch (error) {
    note(false, `${part}: ${error instanceof Error ? error.message : String(error)}`)
  }
  process.stdout.write(`---- ${part}: ${((Date.now() - begun) / 1000).toFixed(0)} s\n`)
}
if (failures.length > 0) process.stdout.write(`\nfailed:\n${failures.map((name) => `  ${name}`).join('\n')}\n`)
if (chosen.length < parts.length) process.stdout.write(`\nonly ${chosen.join(', ')} of ${parts.join(', ')}\n`)
process.stdout.write(`\n${((Date.now() - started) / 1000).toFixed(0)} s\n${passed} passed, ${failures.length} failed\n`)
process.exitCode = failures.length > 0 ? 1 : 0
