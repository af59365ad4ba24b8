/**
 * `npm test`, the one test command: every gate, every suite on both databases, the planted violations, the
 * most valuable guards that are taken away one by one, the proofs of the ledger in short, the browser, and the acceptance from outside.
 * A skipped test counts as failed. The last line is `N passed, N failed`.
 */
import { mkdirSync, rmSync } from 'node:fs'
import { readFlags } from './flags/read-flags.ts'
import { runAccept } from './test/run-accept.ts'
import { runEndToEnd } from './test/run-end-to-end.ts'
import { runGates } from './test/run-gates.ts'
import { runGuards } from './test/run-guards.ts'
import { runPlanted } from './test/run-planted.ts'
import { runProve } from './test/run-prove.ts'
import { runVitest } from './test/run-vitest.ts'
import { startPostgres } from './test/start-postgres.ts'
import { createTally } from './test/tally.ts'

const results = '.cache/test-results'
const tally = createTally()

/** In the order in which they run. */
const parts: Record<string, () => Promise<void>> = {
  gates: () => runGates(tally),
  unit: () => runVitest(tally, { name: 'unit and integration, embedded database', files: [], env: {}, results }),
  postgres: async () => {
    const postgres = await startPostgres()
    tally.tell(postgres.version)
    try {
      const env = { TEST_DATABASE_URL: postgres.url }
      await runVitest(tally, {
        name: 'integration, PostgreSQL',
        files: ['apps/control-plane', 'apps/bff', 'packages/server-kit/src/open-database'],
        env,
        results,
      })
    } finally {
      await postgres.stop()
    }
  },
  planted: () => runPlanted(tally),
  guards: () => runGuards(tally),
  prove: () => runProve(tally),
  e2e: () => runEndToEnd(tally, results),
  accept: () => runAccept(tally),
}

const names = Object.keys(parts)
const usage = `npm test -- [--only ${names.join('|')}]

Everything without it; with it a part, for work in progress, and the last lines say so. May be given more than once.`
const values = readFlags(usage, { only: { type: 'string', multiple: true } })
const chosen = values.only ?? names
for (const name of chosen) {
  if (!names.includes(name)) {
    process.stderr.write(`--only takes ${names.join(', ')}; not ${name}\n`)
    process.exit(2)
  }
}

rmSync(results, { recursive: true, force: true })
mkdirSync(results, { recursive: true })
const started = Date.now()
for (const [name, run] of Object.entries(parts)) {
  if (!chosen.includes(name)) continue
  const begun = Date.now()
  try {
    await run()
  } catch (error) {
    tally.note(false, `${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
  process.stdout.write(`---- ${name}: ${((Date.now() - begun) / 1000).toFixed(0)} s\n`)
}
const { passed, failures } = tally
if (failures.length > 0) process.stdout.write(`\nfailed:\n${failures.map((name) => `  ${name}`).join('\n')}\n`)
if (chosen.length < names.length) process.stdout.write(`\nonly ${chosen.join(', ')} of ${names.join(', ')}\n`)
process.stdout.write(`\n${((Date.now() - started) / 1000).toFixed(0)} s\n${passed} passed, ${failures.length} failed\n`)
process.exitCode = failures.length > 0 ? 1 : 0
