/**
 * `npm run prove:guards`: removes each named guard in a copy of the code, one at a time, and expects the test named for it to turn red.
 * The guards are data, in `scripts/prove-guards/`.
 */
import { guards } from './prove-guards/guards.ts'
import { proveGuards } from './prove-guards/prove-guards.ts'
import { readFlags } from './flags/read-flags.ts'

const usage = `npm run prove:guards -- [--list] [--only NAME]

Removes each guard in a copy, one at a time, and expects the test named for it to turn red.
--list prints the guards; --only NAME proves one of them, and may be given more than once.`

const values = readFlags(usage, { only: { type: 'string', multiple: true }, list: { type: 'boolean' } })
const known = guards.map(({ name }) => name)
const unknown = values.only?.filter((name) => !known.includes(name)) ?? []
if (unknown.length > 0) {
  process.stderr.write(`there is no guard ${unknown.join(', ')}; --list prints those there are\n`)
  process.exit(2)
}
const chosen = guards.filter(({ name }) => values.only?.includes(name) ?? true)
const widest = Math.max(...chosen.map(({ name }) => name.length))

if (values.list) {
  for (const guard of chosen) process.stdout.write(`${guard.name.padEnd(widest)}  ${guard.protects}\n`)
  process.exit(0)
}

const begun = Date.now()
try {
  process.stdout.write(`${chosen.length} guards; first their tests, with every guard in place\n`)
  const proofs = await proveGuards(chosen, ({ guard, killed, why, seconds }) => {
    process.stdout.write(
      `${killed ? 'killed  ' : 'SURVIVED'}  ${guard.name.padEnd(widest)}  ${guard.protects}\n` +
        `${' '.repeat(10)}${guard.test.file} › ${guard.test.name}\n${' '.repeat(10)}${why} (${seconds.toFixed(1)} s)\n`,
    )
  })
  const proved = proofs.filter(({ killed }) => killed).length
  process.stdout.write(`\n${((Date.now() - begun) / 1_000).toFixed(0)} s\n${proved} of ${chosen.length} guards proved\n`)
  process.exitCode = proved === chosen.length ? 0 : 1
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 1
}
