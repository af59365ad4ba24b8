/** An act for each route of the executor plane that changes something, prepared so that nothing but what a test is about refuses it. */
import { randomUUID } from 'node:crypto'
import {
  propose,
  proposeApproved,
  proposeClaimed,
  revise,
  sendClaim,
  sendFinish,
  sendObservation,
  sendProposal,
  toListing,
  toSentSha256,
} from './ledger-story.ts'
import type { TestDeps } from './open-test-deps.ts'
import { sendGovernance, startOwnRun, toQuestion } from './request-story.ts'
import { buildStartBody } from './start-body.ts'

/** Sends the same request each time, with the same idempotency key. */
export type PreparedAct = () => Promise<Response>

/** By the id of the route. */
export function buildExecutorActs(deps: TestDeps): Readonly<Record<string, () => Promise<PreparedAct>>> {
  const executor = deps.asExecutor()
  const startRun = async () => {
    const runId = `run-${randomUUID()}`
    const started = await executor.post('/runs/start', buildStartBody(runId))
    if (started.status !== 201) throw new Error(`the run did not start: ${started.status}`)
    return runId
  }
  const finished = async () => {
    const payload = toListing()
    const claim = await proposeClaimed(deps, { payload })
    const sent = { outcome: 'completed', sent: 'yes', sent_sha256: toSentSha256(payload), external_object_id: `listing-${randomUUID()}` }
    return { claim, finish: () => sendFinish(deps, claim, sent) }
  }
  return {
    startRun: async () => {
      const body = buildStartBody(`run-${randomUUID()}`)
      return () => executor.post('/runs/start', body)
    },
    updatePhaseStatus: async () => {
      const runId = await startRun()
      return () => executor.post(`/runs/${runId}/phases/p0/update_status`, { state: 'EXECUTING' })
    },
    heartbeatRun: async () => {
      const runId = await startRun()
      return () => executor.post(`/runs/${runId}/heartbeat`, {})
    },
    recordUsage: async () => {
      const runId = await startRun()
      const key = randomUUID()
      const usage = { model: null, tokens: null, cpu_ms: 1, bytes_read: 0, bytes_written: 0 }
      return () => executor.post(`/runs/${runId}/usage`, usage, { 'idempotency-key': key })
    },
    putArtifact: async () => {
      const runId = await startRun()
      return () => executor.put(`/runs/${runId}/artifacts/file?path=report.txt`, new TextEncoder().encode('What was found.'))
    },
    proposeExternalAction: async () => {
      const options = { payload: toListing(), idempotencyKey: randomUUID() }
      return () => sendProposal(deps, options)
    },
    reviseExternalAction: async () => {
      const action = await propose(deps)
      const payload = toListing()
      return () => revise(deps, action, payload)
    },
    claimExternalAction: async () => {
      const action = await proposeApproved(deps)
      const idempotencyKey = randomUUID()
      return () => sendClaim(deps, action, { idempotencyKey })
    },
    heartbeatExternalAction: async () => {
      const { action_id, fence } = await proposeClaimed(deps)
      return () => executor.post(`/external-actions/${action_id}/heartbeat`, { fence })
    },
    finishExternalAction: async () => (await finished()).finish,
    observeExternalAction: async () => {
      const { claim, finish } = await finished()
      await finish()
      return () => sendObservation(deps, claim, null, { detail: 'The shop did not answer.' })
    },
    cancelExternalAction: async () => {
      const { action_id } = await propose(deps)
      return () => executor.post(`/external-actions/${action_id}/cancel`, { reason: 'Not needed.' })
    },
    requestApproval: async () => {
      const question = toQuestion()
      return () => executor.post('/approval/request', question)
    },
    requestGovernance: async () => {
      const options = { run_id: await startOwnRun(deps), paths: ['src/autopack/a.py'], idempotencyKey: randomUUID() }
      return () => sendGovernance(deps, options)
    },
  }
}
