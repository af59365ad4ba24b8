/**
 * `npm run prove`: everything that is thrown at the ledger. Short without `--minutes`, as `npm test` runs it; with it, as long as that.
 * Each part is one file in `scripts/prove/` and can be run alone.
 */
import { readFlags } from './flags/read-flags.ts'
import { partNames, proveLedger } from './prove/prove-ledger.ts'

const usage = `npm run prove -- [--minutes N] [--seed N] [--only ${partNames.join('|')}]

Everything that is thrown at the ledger, and what it did with it. Without --minutes the short form, as npm test runs it; with it each
part takes its share of N minutes. --only may be given more than once. Status 1: something was violated.`
const flags = readFlags(usage, { minutes: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string', multiple: true } })
const minutes = flags.minutes === undefined ? null : Number(flags.minutes)
const seed = Number(flags.seed ?? Date.now() % 1_000_000)
const unknown = flags.only?.filter((name) => !(partNames as readonly string[]).includes(name)) ?? []
if ((minutes !== null && !(minutes > 0)) || !Number.isSafeInteger(seed) || unknown.length > 0) {
  process.stderr.write(`${usage}\n`)
  process.exit(2)
}

const results = await proveLedger({
  minutes,
  seed,
  only: flags.only ?? partNames,
  besideGuards: false,
  tell: (line) => process.stdout.write(`${line}\n`),
})
process.stdout.write('\n')
for (const { name, figures, violations, seconds } of results) {
  process.stdout.write(`${violations.length === 0 ? 'held    ' : 'VIOLATED'}  ${name.padEnd(10)} ${seconds.toFixed(0).padStart(5)} s  ${figures}\n`)
  for (const violation of violations.slice(0, 20)) process.stdout.write(`  ${violation}\n`)
}
const count = results.reduce((sum, { violations }) => sum + violations.length, 0)
process.stdout.write(`\nseed ${seed}: ${count} violations\n`)
process.exitCode = count === 0 ? 0 : 1
