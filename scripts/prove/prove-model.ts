/**
 * Random histories of the ledger on PostgreSQL, held against a ledger of a few lines after every command, and against every invariant at
 * their end. What a history is: run-histories.ts beside the control plane's tests.
 */
import { fork } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { readFlags } from '../flags/read-flags.ts'
import { startPostgres } from '../test/start-postgres.ts'
import type { WorkerResult, WorkerTask } from './model/history-worker.ts'

export type ModelProof = {
  histories: number
  /** Of those: whose transactions committed, and whose deaths broke the connection. */
  committed: number
  /** Commands that were taken and whose answers were compared. */
  commands: number
  /** How often each command was answered with each code; `done`: no refusal; `died`: it did not live to its answer. */
  perCommand: Record<string, Record<string, number>>
  /** Each with the shortest history that shows it, and how to take it again. */
  violations: string[]
  seconds: number
}

export type ModelOptions = {
  /** Of PostgreSQL; each worker makes a database of its own there. */
  databaseUrl: string
  histories: number
  seed: number
  /** Goes on for so long instead, however many histories that makes. */
  minutes?: number
  workers: number
  tell: (line: string) => void
}

const endings = 25
const stemsPerTask = 20
/** One in so many tasks is of histories that commit. */
const committedEvery = 5
const committedPerTask = 40
const mostViolations = 5
const silenceMs = 4 * 60_000
const endsWithinMs = 15_000

export async function proveModel(options: ModelOptions): Promise<ModelProof> {
  const begun = performance.now()
  const proof: ModelProof = { histories: 0, committed: 0, commands: 0, perCommand: {}, violations: [], seconds: 0 }
  let tasks = 0
  let planned = 0
  const seconds = () => (performance.now() - begun) / 1_000
  const next = (): WorkerTask | null => {
    if (proof.violations.length >= mostViolations) return null
    if (options.minutes === undefined ? planned >= options.histories : seconds() >= options.minutes * 60) return null
    tasks += 1
    const committed = tasks % committedEvery === 0
    planned += committed ? committedPerTask : stemsPerTask * endings
    return {
      how: committed ? 'committed' : 'rolled back',
      stems: committed ? committedPerTask : stemsPerTask,
      endings,
      seed: options.seed + tasks,
    }
  }
  const take = (task: WorkerTask, result: Extract<WorkerResult, { run: unknown }>) => {
    const { run } = result
    proof.histories += run.histories
    if (task.how === 'committed') proof.committed += run.histories
    proof.commands += run.commands
    for (const [command, answers] of Object.entries(run.perCommand)) {
      const sum = (proof.perCommand[command] ??= {})
      for (const [code, count] of Object.entries(answers)) sum[code] = (sum[code] ?? 0) + count
    }
    for (const { message, seed, path } of run.violations) {
      proof.violations.push(`${message}\nagain: node scripts/prove/prove-model.ts --how '${task.how}' --seed ${seed} --path ${path}`)
    }
  }
  const work = async () => {
    try {
      await runWorker(options.databaseUrl, next, take)
    } catch (error) {
      // One that is stuck or ended is a finding; what the others found is told too.
      proof.violations.push(error instanceof Error ? error.message : String(error))
    }
  }
  await Promise.all(Array.from({ length: options.workers }, work))
  proof.seconds = seconds()
  for (const [command, answers] of Object.entries(proof.perCommand).toSorted(([one], [other]) => one.localeCompare(other, 'en'))) {
    const told = Object.entries(answers).toSorted(([, one], [, other]) => other - one)
    options.tell(`  ${command.padEnd(15)} ${told.map(([code, count]) => `${code} ${count}`).join(', ')}`)
  }
  return proof
}

type Take = (task: WorkerTask, result: Extract<WorkerResult, { run: unknown }>) => void

async function runWorker(databaseUrl: string, next: () => WorkerTask | null, take: Take): Promise<void> {
  const file = new URL('model/history-worker.ts', import.meta.url)
  const worker = fork(file, { env: { ...process.env, TEST_DATABASE_URL: databaseUrl }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  try {
    await receive(worker)
    for (let task = next(); task !== null; task = next()) {
      worker.send(task)
      const result = await receive(worker)
      if ('failed' in result) throw new Error(result.failed)
      if ('run' in result) take(task, result)
    }
  } finally {
    if (worker.connected) worker.disconnect()
    const late = setTimeout(() => worker.kill('SIGKILL'), endsWithinMs)
    await gone
    clearTimeout(late)
  }
}

/** Whoever says nothing for so long is stuck, which is a finding and no reason to wait for ever. */
function receive(worker: ReturnType<typeof fork>): Promise<WorkerResult> {
  return new Promise((resolve, reject) => {
    const onExit = () => end(() => reject(new Error('a process that takes histories ended')))
    const onMessage = (result: unknown) => end(() => resolve(result as WorkerResult))
    const late = setTimeout(
      () => end(() => reject(new Error(`a process that takes histories said nothing for ${silenceMs / 60_000} minutes`))),
      silenceMs,
    )
    const end = (settle: () => void) => {
      clearTimeout(late)
      worker.off('exit', onExit).off('message', onMessage)
      settle()
    }
    worker.once('exit', onExit).once('message', onMessage)
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const usage = `node scripts/prove/prove-model.ts [--histories N | --minutes N] [--seed N] [--workers N]
node scripts/prove/prove-model.ts --how 'rolled back'|committed --seed N --path P    takes one counterexample again`
  const text = { type: 'string' } as const
  const flags = readFlags(usage, { histories: text, minutes: text, seed: text, workers: text, how: text, path: text })
  const given = process.env['TEST_DATABASE_URL']
  const postgres = given ? null : await startPostgres()
  const databaseUrl = given ?? postgres!.url
  try {
    if (flags.path !== undefined) {
      const how = flags.how === 'committed' ? 'committed' : 'rolled back'
      let task: WorkerTask | null = { how, stems: 1_000, endings, seed: Number(flags.seed), path: flags.path }
      const next = () => {
        const one = task
        task = null
        return one
      }
      await runWorker(databaseUrl, next, (_task, { run }) => {
        for (const { message } of run.violations) console.log(message)
        console.log(run.violations.length === 0 ? 'It goes as the model says.' : '')
        process.exitCode = run.violations.length === 0 ? 0 : 1
      })
    } else {
      const proof = await proveModel({
        databaseUrl,
        histories: Number(flags.histories ?? 2_000),
        seed: Number(flags.seed ?? 1),
        ...(flags.minutes === undefined ? {} : { minutes: Number(flags.minutes) }),
        workers: Number(flags.workers ?? 2),
        tell: console.log,
      })
      for (const violation of proof.violations) console.log(violation)
      console.log(
        `${proof.histories} histories (${proof.committed} of them committed), ${proof.commands} commands, ${proof.violations.length} violations, ` +
          `${proof.seconds.toFixed(0)} s`,
      )
      process.exitCode = proof.violations.length === 0 ? 0 : 1
    }
  } finally {
    await postgres?.stop()
  }
}
