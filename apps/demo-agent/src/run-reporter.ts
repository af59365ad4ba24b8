import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { ApiProblem, Unreachable } from '@autopack/api-client/errors'
import type { Executor } from '@autopack/executor-sdk/create-executor'
import type { AgentLog } from './agent-log.ts'
import type { StateFile } from './agent-state.ts'
import type { PhaseId } from './run-plan.ts'

export type RunReporter = {
  /** Reports the phase as begun, does the work, reports it as complete with what it used. */
  phase: <T>(phaseId: PhaseId, work: () => Promise<T>) => Promise<T>
  begin: (phaseId: PhaseId) => Promise<void>
  end: (phaseId: PhaseId, state: 'COMPLETE' | 'SKIPPED' | 'FAILED', failureReason?: string) => Promise<void>
  /** The phase waits for a person. */
  gate: (phaseId: PhaseId) => Promise<void>
  /** The person has answered; only from here can the phase end in any way. */
  leaveGate: (phaseId: PhaseId) => Promise<void>
  upload: (path: string, content: Uint8Array | string, phaseId: PhaseId) => Promise<void>
  /** What the next heartbeats say; cheap, call it as often as something moved. */
  progress: (note: string, done?: number, of?: number) => void
  countRead: (bytes: number) => void
  close: () => void
}

export type Agent = { executor: Executor; log: AgentLog; state: StateFile; signal: AbortSignal }

const tickMs = 2_500
const quietMs = 30_000

/** Everything that one run tells the console: phases, artifacts, heartbeats with progress, CPU time and bytes since the last report. */
export function openRunReporter(agent: Agent, runId: string): RunReporter {
  const { executor, log, state, signal } = agent
  const said = { note: 'starting', done: undefined as number | undefined, of: undefined as number | undefined, changed: true, sentAt: 0 }
  const used = { cpu: process.cpuUsage(), read: 0, written: 0 }

  // Heartbeats are the one report that may be lost: the next one says more.
  const timer = setInterval(() => {
    const now = performance.now()
    if (!said.changed && now - said.sentAt < quietMs) return
    said.changed = false
    said.sentAt = now
    executor.heartbeat(runId, { note: said.note.slice(0, 200), done: said.done, of: said.of }).catch(() => (said.changed = true))
  }, tickMs)

  /** Too little to be worth a request of its own goes with the next phase; the last phase reports all that is left. */
  async function recordUsage(phaseId: PhaseId): Promise<void> {
    const cpu = process.cpuUsage(used.cpu)
    if (phaseId !== 'publish' && cpu.user + cpu.system < 100_000 && used.read < 1_000_000) return
    const body = {
      phase_id: phaseId,
      model: null,
      tokens: null,
      cpu_ms: Math.round((cpu.user + cpu.system) / 1000),
      bytes_read: used.read,
      bytes_written: used.written,
    }
    Object.assign(used, { cpu: process.cpuUsage(), read: 0, written: 0 })
    const idempotencyKey = randomUUID()
    await patiently(agent, 'usage', () => executor.recordUsage(runId, body, idempotencyKey))
  }

  async function begin(phaseId: PhaseId): Promise<void> {
    signal.throwIfAborted()
    state.write({ run_id: runId, phase_id: phaseId, proposal: state.read()?.proposal ?? null, edit: state.read()?.edit })
    Object.assign(said, { note: phaseId, done: undefined, of: undefined, changed: true })
    await patiently(agent, `phase ${phaseId}`, () => executor.updatePhase(runId, phaseId, { state: 'EXECUTING', builder_attempts: 1 }))
  }

  async function end(phaseId: PhaseId, phaseState: 'COMPLETE' | 'SKIPPED' | 'FAILED', failureReason?: string): Promise<void> {
    await recordUsage(phaseId)
    const failure_reason = failureReason?.slice(0, 2_000)
    await patiently(agent, `phase ${phaseId}`, () => executor.updatePhase(runId, phaseId, { state: phaseState, failure_reason }))
  }

  return {
    begin,
    end,
    async phase(phaseId, work) {
      await begin(phaseId)
      const result = await work()
      await end(phaseId, 'COMPLETE')
      return result
    },
    gate: (phaseId) => patiently(agent, `phase ${phaseId}`, () => executor.updatePhase(runId, phaseId, { state: 'GATE' })),
    leaveGate: (phaseId) => patiently(agent, `phase ${phaseId}`, () => executor.updatePhase(runId, phaseId, { state: 'EXECUTING' })),
    async upload(path, content, phaseId) {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
      await patiently(agent, path, () => executor.putArtifact(runId, path, bytes, phaseId))
      used.written += bytes.length
      log.note(`[${phaseId}] wrote ${path}, ${bytes.length} bytes`)
    },
    progress(note, done, of) {
      const hasBoth = done !== undefined && of !== undefined
      Object.assign(said, { note, done: hasBoth ? done : undefined, of: hasBoth ? of : undefined, changed: true })
    },
    countRead: (bytes) => void (used.read += bytes),
    close: () => clearInterval(timer),
  }
}

/**
 * Repeats a call while the control plane is away or busy, with a growing pause, and says so. Throws what will not pass, and the
 * signal's reason once the agent is told to stop.
 */
export async function patiently<T>(agent: Pick<Agent, 'log' | 'signal'>, what: string, call: () => Promise<T>): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await call()
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : null
      const passes = error instanceof Unreachable || (problem !== null && (problem.problem.status >= 500 || problem.problem.status === 429))
      if (!passes || agent.signal.aborted) throw error
      const waitMs = problem?.retryAfterSeconds ? problem.retryAfterSeconds * 1_000 : Math.min(250 * 2 ** failures, 15_000)
      agent.log.say(`the control plane did not take "${what}" (${problem?.code ?? 'no answer'}); trying again in ${(waitMs / 1000).toFixed(1)} s`)
      await delay(waitMs, undefined, { signal: agent.signal })
    }
  }
}
