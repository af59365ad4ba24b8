/** Random histories, held against the model after every step and against every invariant at their end. */
import type { Database } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import fc from 'fast-check'
import { sweepActions } from '../../features/external-actions/sweep-actions.ts'
import { expectStep } from './expect-step.ts'
import { kindOf, toModel } from './ledger-model.ts'
import type { Model } from './ledger-model.ts'
import { listOverdue } from './expect-execution.ts'
import { askConstraints, findLostAnswer, listBrokenInvariants, observeLedger, readAuditSeq, resetControl } from './observe-rows.ts'
import type { World, WorldExecutor } from './open-model-world.ts'
import { histories } from './steps.ts'
import type { History, Step } from './steps.ts'
import { takeStep } from './take-step.ts'
import type { StepAnswer } from './take-step.ts'

export type HistoryRun = {
  histories: number
  commands: number
  /** How often each command was answered with each code; `dies` counts the steps that did not live to their answer. */
  perCommand: Record<string, Record<string, number>>
  /** Each with the history that shows it, as short as it could be made. */
  violations: { message: string; seed: number; path: string }[]
}

export type HistoryOptions = {
  /** `rolled back`: see takeRolledBack; `committed`: see takeCommitted. */
  how: 'rolled back' | 'committed'
  stems: number
  /** Histories that share a stem; committed ones share none. */
  endings: number
  seed: number
  /** Of a counterexample: takes that history alone. */
  path?: string
}

/** 2030-01-01T09:00Z. */
const firstMoment = 1_893_488_400
/** More than a history can wait. */
const apartSeconds = 16 * 86_400

class Discard extends Error {}

/** Takes histories until one fails, which is then made shorter. */
export async function runHistories(world: World, options: HistoryOptions): Promise<HistoryRun> {
  const run: HistoryRun = { histories: 0, commands: 0, perCommand: {}, violations: [] }
  const committed = options.how === 'committed'
  const executors = await world.addExecutors()
  const property = fc.asyncProperty(histories(committed ? 1 : options.endings), (history) =>
    committed ? takeCommitted(world, history, run) : takeRolledBack(world, executors, history, run),
  )
  const path = options.path === undefined ? {} : { path: options.path }
  const outcome = await fc.check(property, { numRuns: options.stems, seed: options.seed, ...path })
  if (outcome.failed) {
    const message = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : String(outcome.errorInstance)
    run.violations.push({ message, seed: outcome.seed, path: outcome.counterexamplePath ?? '' })
  }
  return run
}

/**
 * As many histories as endings. The stem begins with an empty ledger; each ending begins where the stem left off and is rolled back after
 * it has been looked at, so that every history is exactly its stem and its ending. All of it is one transaction, in which each transaction
 * of the product is a savepoint; deferred constraints are asked at the end of each ending. A process that dies is a statement that fails.
 */
async function takeRolledBack(world: World, executors: WorldExecutor[], history: History, run: HistoryRun): Promise<void> {
  // After the days of every history that committed.
  const begun = world.nextMoment(firstMoment, apartSeconds)
  await discarded(world.deps.db, async (stemDb) => {
    const afterSeq = await readAuditSeq(stemDb)
    let stem = toModel(begun, world.embedded)
    await naming(history.stem, async () => {
      for (const step of history.stem) stem = await takeChecked(world, stemDb, executors, stem, step, run)
    })
    for (const ending of history.endings) {
      await naming([...history.stem, ...ending], () =>
        discarded(stemDb, async (db) => {
          let model = structuredClone(stem)
          for (const step of ending) model = await takeChecked(world, db, executors, model, step, run)
          await askConstraints(db)
          await compare(db, model, begun, afterSeq)
        }),
      )
      run.histories += 1
    }
  })
}

/**
 * One history whose transactions commit, as they do in the product, and in which a process that dies breaks its connection. It has
 * executors of its own and days of its own, so that the histories before it are not in its way.
 */
async function takeCommitted(world: World, history: History, run: HistoryRun): Promise<void> {
  const { db } = world.deps
  const begun = world.nextMoment(firstMoment, apartSeconds)
  const executors = await world.addExecutors()
  await resetControl(db, world.people.admin.operatorId)
  const afterSeq = await readAuditSeq(db)
  const steps = [...history.stem, ...history.endings[0]!]
  world.breakConnections(true)
  try {
    await naming(steps, async () => {
      let model = toModel(begun, world.embedded)
      for (const step of steps) model = await takeChecked(world, db, executors, model, step, run)
      await compare(db, model, begun, afterSeq)
    })
    run.histories += 1
  } finally {
    world.breakConnections(false)
    // What is still open would be swept in a later history.
    world.setNow(begun + apartSeconds - 1)
    await sweepActions(world.deps)
    // Nor may what it turned and lowered be in the way of histories that begin with everything on.
    await resetControl(db, world.people.admin.operatorId)
  }
}

/** A failure names the one history it is of. */
async function naming(steps: readonly Step[], act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    throw new Error(
      `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n${steps.map((step) => `  ${JSON.stringify(step)}`).join('\n')}`,
      { cause: error },
    )
  }
}

/** Does something in a transaction, or in a savepoint of one, and undoes it. */
async function discarded(db: Database, act: (db: Database) => Promise<void>): Promise<void> {
  try {
    await db.transaction(async (tx) => {
      // A transaction can do what a database can, but for opening another connection.
      await act(tx as unknown as Database)
      throw new Discard()
    })
  } catch (error) {
    if (!(error instanceof Discard)) throw error
  }
}

/** One step in the model and in the real ledger; returns the model after it. */
async function takeChecked(
  world: World,
  db: Database,
  executors: readonly WorldExecutor[],
  before: Model,
  step: Step,
  run: HistoryRun,
): Promise<Model> {
  const after = structuredClone(before)
  const { code, subject, target } = expectStep(after, before, step)
  world.setNow(after.now)
  // A sweep of several actions is several transactions: between them it may die in more ways than the model tells apart.
  const dies = step.dies !== undefined && !(step.do === 'sweep' && listOverdue(before).length > 1) ? step.dies : null
  if (dies !== null) world.gate.dieBefore(dies)
  let answered = 'done'
  let unexpected: unknown = null
  try {
    const ids = await takeStep(world, { ...world.deps, db }, executors, step, subject)
    keepIds(after, target, ids)
  } catch (error) {
    if (error instanceof ProblemError) answered = error.code
    else unexpected = error
  }
  const { died, committed } = dies === null ? { died: false, committed: false } : world.gate.rebirth()
  if (unexpected !== null && !died) throw unexpected
  run.commands += 1
  const told = (run.perCommand[step.do] ??= {})
  told[died ? 'died' : answered] = (told[died ? 'died' : answered] ?? 0) + 1
  if (died) {
    if (!committed) return before
    keepIds(
      after,
      target,
      await findLostAnswer(
        db,
        subject.key,
        before.brakes.map(({ id }) => id),
      ),
    )
    return after
  }
  if (answered !== code)
    throw new Error(`${JSON.stringify(step)} was answered ${answered}; the model says ${code}. Model before: ${describe(before)}`)
  return after
}

function keepIds(model: Model, target: Model['actions'][number] | null, ids: StepAnswer): void {
  if (ids.actionId !== undefined && target !== null) target.id = ids.actionId
  if (ids.executionId !== undefined && target !== null && target.claim !== null) target.claim.executionId = ids.executionId
  if (ids.brakeId !== undefined) for (const brake of model.brakes) if (brake.id === '') brake.id = ids.brakeId
}

async function compare(db: Database, model: Model, begun: number, afterSeq: number): Promise<void> {
  const about = { ids: model.actions.map(({ id }) => id), afterSeq, fromDay: new Date((begun - 86_400) * 1_000).toISOString().slice(0, 10) }
  const observed = await observeLedger(db, about)
  for (const action of model.actions) {
    const real = observed.actions.find(({ id }) => id === action.id)
    expectSame(`action ${action.id}`, real, {
      id: action.id,
      state: action.state,
      revision: action.revision,
      version: action.version,
      fence: action.fence,
      notBefore: action.notBefore,
      leaseUntil: action.claim?.leaseUntil ?? null,
      decisions: action.decisions,
      openSlots: kindOf(action).people - action.said.filter(({ kind }) => kind === 'approve').length,
      executions: action.fence,
      announced: action.announced,
      audit: action.audit.join(' '),
    })
  }
  expectSame('audit events about no action', observed.controlAudit, model.controlAudit.join(' '))
  const used = Object.entries(model.use).filter(([, { used, reserved }]) => used + reserved > 0)
  const rows = Object.entries(observed.caps).filter(([, [used, reserved]]) => used + reserved > 0)
  expectSame('caps', toSorted(rows), toSorted(used.map(([key, { used, reserved }]) => [key, [used, reserved]])))
  const broken = await listBrokenInvariants(db, about)
  if (broken.length > 0) throw new Error(broken.join('\n'))
}

function toSorted(entries: [string, unknown][]): [string, unknown][] {
  return entries.toSorted(([one], [other]) => (one < other ? -1 : 1))
}

function expectSame(what: string, real: unknown, expected: unknown): void {
  const canonical = (value: unknown) =>
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? Object.fromEntries(toSorted(Object.entries(inner))) : inner,
    )
  if (canonical(real) !== canonical(expected)) throw new Error(`${what} is ${canonical(real)}; the model says ${canonical(expected)}`)
}

function describe(model: Model): string {
  return JSON.stringify({ ...model, actions: model.actions.map((action) => ({ ...action, payloads: action.payloads.length })) })
}
