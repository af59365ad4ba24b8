import { startPostgres } from '../test/start-postgres.ts'
import { proveCrashes } from './prove-crashes.ts'
import { proveHistories } from './prove-histories.ts'
import { proveModel } from './prove-model.ts'
import { proveMutants } from './prove-mutants.ts'
import { provePayloads } from './prove-payloads.ts'
import { proveSchedules } from './prove-schedules.ts'
import { scheduleMutants } from './mutants/schedule-mutants.ts'

export type PartResult = { name: PartName; figures: string; violations: string[]; seconds: number }

/** Those of a row run beside each other: schedules mostly wait for locks, while the texts keep a processor busy and need no lock. */
const rows = [['schedules', 'payloads'], ['histories'], ['crashes'], ['mutants'], ['model']] as const
export const partNames = rows.flat()
type PartName = (typeof partNames)[number]

type Context = {
  databaseUrl: string
  seed: number
  /** Null: the short form. */
  minutes: number | null
  /** The guards that are mutants too are taken away elsewhere, in the same test run. */
  besideGuards: boolean
  tell: (line: string) => void
}
type Part = (context: Context) => Promise<Omit<PartResult, 'name' | 'seconds'>>

/** How much of a long run each part may take; the model has what is left. */
const shares = { histories: 0.17, crashes: 0.17, payloads: 0.05 }

const parts: Record<PartName, Part> = {
  async schedules({ databaseUrl, seed, minutes, tell }) {
    // All places take some minutes; two of each pair and state are enough to notice a lock that is gone.
    const pointsPerPair = minutes === null ? 2 : minutes < 30 ? 4 : Infinity
    const proof = await proveSchedules({ databaseUrl, pointsPerPair, pair: null, seed, tell })
    return {
      figures: `${proof.schedules} schedules of ${proof.pairs} pairs and states; in ${proof.waited} one waited for the other`,
      violations: proof.violations,
    }
  },
  async histories({ databaseUrl, seed, minutes, tell }) {
    const seconds = minutes === null ? 20 : Math.min(600, minutes * 60 * shares.histories)
    const proof = await proveHistories({ databaseUrl, seconds, seed, tell })
    const { clients, requests, executions, effects, audited } = proof
    return {
      figures: `${clients} clients, ${requests} requests, ${executions} claims, ${effects} effects at the shop, ${audited} audit events`,
      violations: proof.violations,
    }
  },
  async crashes({ seed, minutes, tell }) {
    const rounds = minutes === null ? 1 : Math.max(1, Math.min(20, Math.round(minutes * shares.crashes)))
    const rows = await proveCrashes({ rounds, seed, tell })
    return { figures: `${rows.length - 1} points, killed ${rounds} times each`, violations: rows.flatMap(({ violations }) => violations) }
  },
  async payloads({ databaseUrl, seed, minutes, tell }) {
    const count = minutes === null ? 300_000 : Math.round(Math.max(300_000, minutes * shares.payloads * 400_000))
    const proof = await provePayloads({ count, seed, databaseUrl, tell })
    return {
      figures: `${proof.checked} changed texts, ${proof.accepted} of them payloads; ${proof.checkedInBrowser} in the browser too`,
      violations: proof.disagreements === 0 ? [] : [`${proof.disagreements} texts are not judged alike`],
    }
  },
  async mutants({ databaseUrl, besideGuards, tell }) {
    const only = besideGuards ? { only: scheduleMutants.map(({ name }) => name) } : {}
    const rows = await proveMutants({ databaseUrl, tell, ...only })
    const survived = rows.filter(({ killed }) => !killed)
    return {
      figures: `${rows.length - survived.length} of ${rows.length} killed`,
      violations: survived.map(({ name, why }) => `${name} survived: ${why}`),
    }
  },
  async model({ databaseUrl, seed, minutes, tell }) {
    const left = minutes === null ? {} : { minutes: Math.max(1, minutes - spentMinutes()) }
    const proof = await proveModel({ databaseUrl, histories: 20_000, seed, workers: 2, tell, ...left })
    return { figures: `${proof.histories} histories, ${proof.commands} commands; ${proof.committed} committed`, violations: proof.violations }
  },
}

let begun = 0
const spentMinutes = () => (performance.now() - begun) / 60_000

/** Runs the rows one after the other against one PostgreSQL; a part that breaks down is a violation of its own. */
export async function proveLedger(
  options: Omit<Context, 'databaseUrl'> & { only: readonly string[]; onResult?: (result: PartResult) => void },
): Promise<PartResult[]> {
  begun = performance.now()
  const postgres = await startPostgres(null, { track_commit_timestamp: 'on' })
  const results: PartResult[] = []
  try {
    options.tell(`${postgres.version}, seed ${options.seed}`)
    const take = async (name: PartName) => {
      const started = performance.now()
      options.tell(`---- ${name}`)
      const seconds = () => (performance.now() - started) / 1_000
      const note = (result: Omit<PartResult, 'name' | 'seconds'>) => {
        const taken = { name, ...result, seconds: seconds() }
        results.push(taken)
        options.onResult?.(taken)
      }
      try {
        note(await parts[name]({ ...options, databaseUrl: postgres.url }))
      } catch (error) {
        note({ figures: 'broke down', violations: [error instanceof Error ? (error.stack ?? error.message) : String(error)] })
      }
    }
    for (const row of rows) await Promise.all(row.filter((name) => options.only.includes(name)).map(take))
  } finally {
    await postgres.stop()
  }
  return results
}
