/**
 * Recorded histories: 24 clients against a real control plane on PostgreSQL and a real shop, each a process, joined afterwards with the
 * database's commit timestamps and the shop's own journal.
 */
import { pathToFileURL } from 'node:url'
import { readFlags } from '../flags/read-flags.ts'
import { startPostgres } from '../test/start-postgres.ts'
import { createDraw, runPerson, runProgram } from './histories/history-clients.ts'
import type { Shared } from './histories/history-clients.ts'
import { openDeployment } from './histories/history-deployment.ts'
import { judgeHistory } from './histories/judge-history.ts'
import { readHistory } from './histories/read-history.ts'

export type HistoryProof = {
  clients: number
  requests: number
  executions: number
  effects: number
  audited: number
  /** How often each operation was answered how. */
  answers: Record<string, Record<string, number>>
  violations: string[]
  seconds: number
}

const programs = 6
const clientsPerProgram = 2
const personClients = 12
/** Each decides at most 30 times a minute, so every client is five of them in turn. */
const people = 60

/**
 * Runs histories of at most 20 s each, every one on a deployment of its own (the caps of a day fill up), until `seconds` are over.
 * `databaseUrl`: a PostgreSQL with `track_commit_timestamp`.
 */
export async function proveHistories(options: {
  databaseUrl: string
  seconds: number
  seed: number
  tell: (line: string) => void
}): Promise<HistoryProof> {
  const begun = performance.now()
  const clients = programs * clientsPerProgram + personClients
  const proof: HistoryProof = { clients, requests: 0, executions: 0, effects: 0, audited: 0, answers: {}, violations: [], seconds: 0 }
  for (let left = options.seconds, number = 0; left > 0; left -= 20, number += 1) {
    const seed = options.seed + number * 1_000
    const violations = await proveOne(options.databaseUrl, Math.min(20, left), seed, proof)
    proof.violations.push(...violations.map((violation) => `seed ${seed}: ${violation}`))
    if (options.seconds > 20) options.tell(`history ${number + 1}, seed ${seed}: ${violations.length} violations`)
  }
  proof.seconds = (performance.now() - begun) / 1_000
  return proof
}

async function proveOne(databaseUrl: string, seconds: number, seed: number, proof: HistoryProof): Promise<string[]> {
  const deployment = await openDeployment(databaseUrl, { people, programs })
  try {
    const shared: Shared = { actions: [], asked: [], until: Date.now() + seconds * 1_000 }
    const byProgram = deployment.programs.flatMap((program, place) =>
      Array.from({ length: clientsPerProgram }, (_, turn) =>
        runProgram(deployment, shared, `program ${place}.${turn}`, program, createDraw(seed + place * 10 + turn)),
      ),
    )
    const byPerson = Array.from({ length: personClients }, (_, place) => {
      const own = deployment.people.filter((_person, number) => Math.floor(number / (people / personClients)) === place)
      return runPerson(deployment, shared, `people ${place}`, own, createDraw(seed + 500 + place))
    })
    await Promise.all([...byProgram, ...byPerson])
    const record = await readHistory(deployment, shared.asked)
    proof.requests += record.asked.length
    proof.executions += record.executions.length
    proof.effects += record.effects.filter(({ status }) => status === 201).length
    proof.audited += record.audited.length
    for (const { operation, status, code } of record.asked) {
      const answers = (proof.answers[operation] ??= {})
      const answer = code ?? (status === 0 ? 'no answer' : 'done')
      answers[answer] = (answers[answer] ?? 0) + 1
    }
    return judgeHistory(record)
  } finally {
    await deployment.close()
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const usage = `node scripts/prove/prove-histories.ts [--seconds N] [--seed N]

24 clients against a control plane on PostgreSQL and a shop; what they saw is compared with what is on record.`
  const flags = readFlags(usage, { seconds: { type: 'string' }, seed: { type: 'string' } })
  const postgres = await startPostgres(null, { track_commit_timestamp: 'on' })
  try {
    const options = { databaseUrl: postgres.url, seconds: Number(flags.seconds ?? 20), seed: Number(flags.seed ?? 1), tell: console.log }
    const { answers, violations, ...figures } = await proveHistories(options)
    for (const [operation, counts] of Object.entries(answers)) console.log(operation.padEnd(14), JSON.stringify(counts))
    for (const violation of violations.slice(0, 50)) console.log(violation)
    console.log(JSON.stringify(figures), `${violations.length} violations`)
    process.exitCode = violations.length === 0 ? 0 : 1
  } finally {
    await postgres.stop()
  }
}
