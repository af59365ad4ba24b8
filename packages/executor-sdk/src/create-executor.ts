import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { createCall } from '@autopack/api-client/call'
import { fetchTransport } from '@autopack/api-client/fetch-transport'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { putArtifact } from '@autopack/contract/artifacts'
import type { Artifact } from '@autopack/contract/artifacts'
import { getExecutorControl } from '@autopack/contract/control'
import type { ControlInForce } from '@autopack/contract/control'
import {
  cancelExternalAction,
  getExecutorAction,
  observeExternalAction,
  proposeExternalAction,
  reviseExternalAction,
} from '@autopack/contract/executor-actions'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { AnswerOf, BodyOf, Route } from '@autopack/contract/route'
import { heartbeatRun, recordUsage, startRun, updatePhaseStatus } from '@autopack/contract/runs'
import { RevisedMeanwhile, TamperedPayload } from './executor-errors.ts'
import { mayPass } from './may-pass.ts'
import { perform } from './perform.ts'
import type { LeaseTimes, PerformOptions, Send } from './perform.ts'

/**
 * `escalate`: an action that is over the grant of its kind is put before people, as tier C. `attempt`: any text; with another one the same
 * payload is another proposal, for instance after the first expired or was rejected.
 */
export type Within = { run_id?: string; phase_id?: string; escalate?: boolean; attempt?: string }

type Input<R extends Route> = R['body'] extends { _zod: { input: infer I } } ? I : never
/** The action as this executor proposed it; keep both members to find it again after a restart. */
export type Proposed = Pick<ExecutorAction, 'action_id' | 'payload_hash'> & Partial<Pick<ExecutorAction, 'revision'>>

export type Executor = {
  startRun: (body: Input<typeof startRun>) => Promise<AnswerOf<typeof startRun>>
  updatePhase: (runId: string, phaseId: string, body: BodyOf<typeof updatePhaseStatus>) => Promise<void>
  heartbeat: (runId: string, body: BodyOf<typeof heartbeatRun>) => Promise<void>
  /** Whoever repeats a report gives the same idempotency key again, or it counts twice. */
  recordUsage: (runId: string, body: BodyOf<typeof recordUsage>, idempotencyKey?: string) => Promise<void>
  putArtifact: (runId: string, path: string, content: Uint8Array | string, phaseId?: string) => Promise<Artifact>
  getControl: () => Promise<ControlInForce>
  /**
   * Proposes one side effect. The same payload in the same run, phase and attempt is the same proposal, however often it is repeated, and
   * answers with the action as it is now, also when it has ended. Throws `RevisedMeanwhile` when that action has another payload now.
   */
  propose: (payload: Omit<Payload, 'v'>, within?: Within) => Promise<ExecutorAction>
  /**
   * Replaces the payload of an own action that was not claimed; decisions start over. The answer carries the new revision and hash: from
   * then on it is what has to be kept.
   */
  revise: (
    action: Pick<ExecutorAction, 'action_id' | 'revision'>,
    payload: Omit<Payload, 'v'>,
    options?: { escalate?: boolean },
  ) => Promise<ExecutorAction>
  getAction: (proposed: Proposed) => Promise<ExecutorAction>
  /**
   * Answers once the action is no longer PENDING, or a person asked for a change (then `change_request` says what: revise or cancel).
   * Waits through outages of the control plane. Rejects when `signal` aborts.
   */
  waitForDecision: (proposed: Proposed, options?: { signal?: AbortSignal }) => Promise<ExecutorAction>
  /** Claims the approved action, after its launch hold, and hands its checked bytes to `send`, at most once; see perform.ts. */
  perform: (action: ExecutorAction, send: Send, options?: PerformOptions) => Promise<ExecutorAction>
  /** Reports the effect as the provider shows it now, as JSON text; null: it is not there, or cannot be read. May be repeated. */
  observe: (action: ExecutorAction, observed: string | null, detail?: string) => Promise<ExecutorAction>
  cancel: (proposed: Proposed, reason: string) => Promise<ExecutorAction>
}

export type ExecutorOptions = {
  /** Origin of the control plane, such as `http://127.0.0.1:4601`. */
  url: string
  /** The executor key (`apk_…`); it goes to this origin and nowhere else. */
  key: string
  /** Told when a call is repeated because nobody answered, or the server asked to come back later. */
  onRetry?: (error: Error, waitMs: number) => void
  /** Only for a control plane with another lease than the contract's. */
  leaseTimes?: LeaseTimes
}

/** An executor of Autopack Console: reports runs, proposes side effects, performs what was approved. Problems come as `ApiProblem`, silence as `Unreachable`. */
export function createExecutor(options: ExecutorOptions): Executor {
  const call = createCall(fetchTransport(new URL(options.url).origin, () => ({ 'x-api-key': options.key })))

  async function getAction(proposed: Proposed, query: { wait_seconds?: number; after_version?: number } = {}, signal?: AbortSignal) {
    const action = await call(getExecutorAction, { params: { action_id: proposed.action_id }, query, signal })
    if (action.payload_hash !== proposed.payload_hash) {
      if (action.revision > (proposed.revision ?? 1)) throw new RevisedMeanwhile(action)
      throw new TamperedPayload(`${proposed.action_id} has the payload hash ${action.payload_hash}, proposed was ${proposed.payload_hash}`)
    }
    return action
  }

  async function waitForDecision(proposed: Proposed, { signal }: { signal?: AbortSignal } = {}): Promise<ExecutorAction> {
    let known: ExecutorAction | null = null
    for (let failures = 0; ;) {
      try {
        known = await getAction(proposed, known === null ? {} : { wait_seconds: 25, after_version: known.version }, signal)
        failures = 0
        if (known.state !== 'PENDING' || known.change_request !== null) return known
      } catch (error) {
        if (!mayPass(error)) throw error
        failures += 1
        const waitMs = Math.min(500 * 2 ** failures, 15_000)
        options.onRetry?.(error as Error, waitMs)
        await delay(waitMs, undefined, { signal })
      }
    }
  }

  return {
    startRun: (body) => call(startRun, { body: body as BodyOf<typeof startRun> }),
    updatePhase: async (run_id, phase_id, body) => void (await call(updatePhaseStatus, { params: { run_id, phase_id }, body })),
    heartbeat: async (run_id, body) => void (await call(heartbeatRun, { params: { run_id }, body })),
    recordUsage: async (run_id, body, idempotencyKey = randomUUID()) => void (await call(recordUsage, { params: { run_id }, body, idempotencyKey })),
    putArtifact: (run_id, path, content, phase_id) =>
      call(putArtifact, {
        params: { run_id },
        query: { path, phase_id },
        body: typeof content === 'string' ? new TextEncoder().encode(content) : content,
      }),
    getControl: () => call(getExecutorControl, {}),
    async propose(payload, { run_id, phase_id, escalate, attempt } = {}) {
      const text = toPayloadText({ v: 1, ...payload })
      const payload_hash = payloadHash(text)
      const escalated = escalate === true
      const identity = JSON.stringify([
        run_id ?? null,
        phase_id ?? null,
        payload_hash,
        ...(escalated ? ['escalated'] : []),
        ...(attempt === undefined ? [] : [{ attempt }]),
      ])
      // The members in one order, whatever order they came in: the control plane compares the bytes of a repetition.
      const action = await call(proposeExternalAction, {
        body: { payload: text, payload_hash, run_id, phase_id, ...(escalated && { escalate: true }) },
        idempotencyKey: createHash('sha256').update(identity).digest('hex'),
      })
      if (action.payload_hash === payload_hash) return action
      if (action.revision > 1) throw new RevisedMeanwhile(action)
      throw new TamperedPayload(`proposed ${payload_hash}, the control plane took ${action.payload_hash}`)
    },
    async revise(action, payload, { escalate } = {}) {
      const text = toPayloadText({ v: 1, ...payload })
      const payload_hash = payloadHash(text)
      const revised = await call(reviseExternalAction, {
        params: { action_id: action.action_id },
        body: { payload: text, payload_hash, after_revision: action.revision, escalate },
      })
      if (revised.payload_hash === payload_hash) return revised
      if (revised.revision > action.revision + 1) throw new RevisedMeanwhile(revised)
      throw new TamperedPayload(`revised to ${payload_hash}, the control plane took ${revised.payload_hash}`)
    },
    getAction: (proposed) => getAction(proposed),
    waitForDecision,
    perform: (action, send, more) => perform(call, action, send, more, options.leaseTimes),
    observe: (action, observed, detail) =>
      call(observeExternalAction, {
        params: { action_id: action.action_id },
        body: { fence: action.execution?.fence ?? 1, observed, detail },
      }),
    cancel: (proposed, reason) => call(cancelExternalAction, { params: { action_id: proposed.action_id }, body: { reason } }),
  }
}
