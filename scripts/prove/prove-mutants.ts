/**
 * Mistakes somebody could make in the ledger, each made in a copy of the code and found there: by scripted schedules where two operations
 * have to meet, else by the test that is named for the guard. A mistake that nothing finds survives, and that is a failure of the proofs.
 */
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { readFlags } from '../flags/read-flags.ts'
import { guards } from '../prove-guards/guards.ts'
import { proveGuards } from '../prove-guards/prove-guards.ts'
import { removeGuard } from '../prove-guards/remove-guard.ts'
import { makePlantedCopy } from '../test/planted-copy.ts'
import type { PlantedCopy } from '../test/planted-copy.ts'
import { runCommand } from '../test/run-command.ts'
import { startPostgres } from '../test/start-postgres.ts'
import { guardMutants } from './mutants/guard-mutants.ts'
import type { ScheduleMutant } from './mutants/mutant.ts'
import { scheduleMutants } from './mutants/schedule-mutants.ts'

export type MutantRow = { invariant: string; name: string; mistake: string; killed: boolean; by: string; why: string; seconds: number }

const scheduleLimitMs = 180_000

/** `databaseUrl`: of PostgreSQL. `only`: names of mutants; without it all. Throws when a mistake can no longer be made where it is said to be. */
export async function proveMutants(options: { databaseUrl: string; tell: (line: string) => void; only?: readonly string[] }): Promise<MutantRow[]> {
  const wanted = (name: string) => options.only === undefined || options.only.includes(name)
  const rows: MutantRow[] = []
  const note = (row: MutantRow) => {
    rows.push(row)
    options.tell(
      `${row.killed ? 'killed  ' : 'SURVIVED'}  ${row.invariant.padEnd(4)}  ${row.name}: ${row.by} (${row.seconds.toFixed(1)} s)${row.killed ? '' : `: ${row.why}`}`,
    )
  }
  const bySchedule = scheduleMutants.filter(({ name }) => wanted(name))
  const byGuard = guardMutants
    .filter(({ guard }) => wanted(guard))
    .map((mutant) => {
      const guard = guards.find(({ name }) => name === mutant.guard)
      if (guard === undefined) throw new Error(`there is no guard ${mutant.guard}`)
      return { ...mutant, guard }
    })
  await proveSchedulesFind(bySchedule, options.databaseUrl, note)
  if (byGuard.length > 0) {
    await proveGuards(
      byGuard.map(({ guard }) => guard),
      ({ guard, killed, why, seconds }) =>
        note({
          ...{ invariant: byGuard.find((mutant) => mutant.guard === guard)!.invariant, name: guard.name, mistake: `Without: ${guard.protects}` },
          ...{ killed, by: guard.test.name, why, seconds },
        }),
    )
  }
  return rows.toSorted((one, other) => Number(one.invariant.slice(2)) - Number(other.invariant.slice(2)))
}

async function proveSchedulesFind(mutants: readonly ScheduleMutant[], databaseUrl: string, note: (row: MutantRow) => void): Promise<void> {
  if (mutants.length === 0) return
  const planted = mutants.map((mutant) => ({ mutant, text: removeGuard(readFileSync(mutant.file, 'utf8'), mutant) }))
  const copies = [makePlantedCopy(), makePlantedCopy()]
  try {
    await Promise.all(
      copies.map(async (copy) => {
        for (let next = planted.shift(); next !== undefined; next = planted.shift()) note(await proveOne(next.mutant, next.text, copy, databaseUrl))
      }),
    )
  } finally {
    for (const copy of copies) copy.remove()
  }
}

async function proveOne(mutant: ScheduleMutant, text: string, copy: PlantedCopy, databaseUrl: string): Promise<MutantRow> {
  const begun = performance.now()
  copy.plant({ [mutant.file]: text })
  const ended = await runCommand([process.execPath, 'scripts/prove/prove-schedules.ts', '--pair', mutant.pair], {
    cwd: copy.root,
    env: { TEST_DATABASE_URL: databaseUrl },
    timeoutMs: scheduleLimitMs,
  })
  copy.plant({})
  // A run that broke down for another reason proves nothing.
  const killed = ended.status === 1 && ended.output.includes('came out')
  const why = ended.status === 0 ? 'every schedule came out right' : `the schedules ended with status ${ended.status}: ${ended.output.slice(-500)}`
  const { invariant, name, mistake, pair } = mutant
  return { invariant, name, mistake, killed, by: `schedules of ${pair}`, why: killed ? '' : why, seconds: (performance.now() - begun) / 1_000 }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const usage = `node scripts/prove/prove-mutants.ts [--only NAME]

Makes each mistake in a copy, one at a time, and expects the proofs to find it. --only may be given more than once.`
  const flags = readFlags(usage, { only: { type: 'string', multiple: true } })
  const postgres = await startPostgres()
  try {
    const rows = await proveMutants({ databaseUrl: postgres.url, tell: console.log, ...(flags.only && { only: flags.only }) })
    const killed = rows.filter((row) => row.killed).length
    console.log(`${killed} of ${rows.length} mutants killed`)
    process.exitCode = killed === rows.length ? 0 : 1
  } finally {
    await postgres.stop()
  }
}
