import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { makePlantedCopy } from '../test/planted-copy.ts'
import type { PlantedCopy } from '../test/planted-copy.ts'
import { readVitestReport } from '../test/read-vitest-report.ts'
import type { VitestReport } from '../test/read-vitest-report.ts'
import { runCommand } from '../test/run-command.ts'
import type { Guard } from './guard.ts'
import { judgeRun } from './judge-run.ts'
import { removeGuard } from './remove-guard.ts'

export type Proof = {
  guard: Guard
  /** The test turned red: an assertion of it failed without the guard. */
  killed: boolean
  /** How the test failed, or why that proves nothing. */
  why: string
  seconds: number
}

/** Bounds of one run: a hung test is no proof either. Wide, because a busy machine is no reason to doubt a test. */
const baselineLimitMs = 600_000
const guardLimitMs = 240_000
const patience = ['--testTimeout=120000', '--hookTimeout=180000']

/**
 * Takes the guards away one at a time, each in a copy of the project, and runs the test that is named for it there, two at once. Before
 * that every one of these tests must pass. Throws when a guard moved or a test does not pass with the guards in place.
 */
export async function proveGuards(guards: readonly Guard[], onProof: (proof: Proof) => void): Promise<Proof[]> {
  const removed = guards.map((guard) => ({ guard, text: removeGuard(readFileSync(guard.file, 'utf8'), guard) }))
  const copies = [makePlantedCopy(), ...(guards.length > 1 ? [makePlantedCopy()] : [])]
  try {
    await checkBaseline(guards, copies)
    const waiting = [...removed]
    const proofs: Proof[] = []
    await Promise.all(
      copies.map(async (copy) => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          const proof = await proveGuard(next.guard, next.text, copy)
          proofs.push(proof)
          onProof(proof)
        }
      }),
    )
    return proofs
  } finally {
    for (const copy of copies) copy.remove()
  }
}

async function proveGuard(guard: Guard, text: string, copy: PlantedCopy): Promise<Proof> {
  const begun = Date.now()
  copy.plant({ [guard.file]: text })
  const report = await runTests(copy, [guard.test], guardLimitMs)
  copy.plant({})
  const verdict = judgeRun(report, guard.test.name)
  const words = { passed: 'the test still passes', failed: verdict.why, broken: `proves nothing: ${verdict.why}` }
  return { guard, killed: verdict.kind === 'failed', why: words[verdict.kind], seconds: (Date.now() - begun) / 1_000 }
}

/** Each copy runs the tests of every second file, which also fills its cache of migrated databases. */
async function checkBaseline(guards: readonly Guard[], copies: readonly PlantedCopy[]): Promise<void> {
  const files = [...new Set(guards.map(({ test }) => test.file))]
  const runs = copies.map(async (copy, place) => {
    const tests = guards.map(({ test }) => test).filter(({ file }) => files.indexOf(file) % copies.length === place)
    if (tests.length === 0) return
    const report = await runTests(copy, tests, baselineLimitMs)
    for (const { file, name } of tests) {
      const { kind, why } = judgeRun(report, name)
      if (kind !== 'passed') throw new Error(`with every guard in place, ${file} › ${name} must pass, and does not: ${why}`)
    }
  })
  const ended = await Promise.allSettled(runs)
  for (const run of ended) if (run.status === 'rejected') throw run.reason
}

async function runTests(copy: PlantedCopy, tests: readonly Guard['test'][], limitMs: number): Promise<VitestReport | null> {
  const output = join(copy.root, 'proof.json')
  rmSync(output, { force: true })
  const names = [...new Set(tests.map(({ name }) => RegExp.escape(name)))]
  const files = [...new Set(tests.map(({ file }) => file))]
  await runCommand(
    [
      'vitest',
      'run',
      ...files,
      '--testNamePattern',
      `^(${names.join('|')})$`,
      '--maxWorkers=1',
      ...patience,
      '--reporter=json',
      `--outputFile=${output}`,
    ],
    // Without a server of its own each copy uses the embedded database.
    { cwd: copy.root, env: { TEST_DATABASE_URL: '' }, timeoutMs: limitMs },
  )
  return readVitestReport(output)
}
