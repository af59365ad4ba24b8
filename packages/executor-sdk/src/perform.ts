import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import type { Call } from '@autopack/api-client/call'
import { ApiProblem } from '@autopack/api-client/errors'
import { encodeRequest, requestContentType } from '@autopack/approval-proof/encode-request'
import { readPayload } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'
import { getExecutorControl } from '@autopack/contract/control'
import { finishExternalAction, heartbeatExternalAction, observeExternalAction } from '@autopack/contract/executor-actions'
import type { ExecutorAction } from '@autopack/contract/executor-actions'
import type { BrakeScope, KillSwitch } from '@autopack/contract/control'
import { heartbeatIntervalMs, leaseMs, observedTextLimit, reportTextLimits } from '@autopack/contract/limits'
import { claimOnce } from './claim-once.ts'
import type { Claim } from './claim-once.ts'
import { LostClaim, NotRecorded, NotSent, ProviderRefused, TamperedPayload } from './executor-errors.ts'
import { fitReport, fitText } from './fit-report.ts'
import type { Report } from './fit-report.ts'
import { mayPass } from './may-pass.ts'

/** What `send` gets: everything it needs and nothing that was not approved. Add credentials as headers, change nothing else. */
export type Sending = {
  /** The provider's idempotency key. */
  execution_id: string
  target: Payload['target']
  method: Payload['request']['method']
  path: string
  request_bytes: Uint8Array<ArrayBuffer>
  /** Of `request_bytes`, as the descriptor says; null when the request has no body. */
  content_type: string | null
  /** Of `request_bytes`, 64 lower-case hex digits. */
  sha256: string
  files: Array<{ name: string; bytes: Uint8Array }>
}

/** What the provider made of it. */
export type Sent = { external_object_id?: string; external_url?: string }
export type Send = (sending: Sending) => Promise<Sent>

export type PerformOptions = {
  /** The bytes of the payload's files, by name. */
  files?: Readonly<Record<string, Uint8Array>>
  /**
   * Reads the effect back from the provider, as JSON text; null: it is not there. Called once after something was sent or may have
   * been; `sent` is null when nobody knows: then look it up by `sending.execution_id`. What it throws is reported as "could not be read".
   */
  readBack?: (sending: Sending, sent: Sent | null) => Promise<string | null>
  /** Ends the waiting for a launch hold, and nothing else: what was claimed is carried out and reported. */
  signal?: AbortSignal
}

/** How long a lease lasts on this machine's own clock, and how often it is extended. */
export type LeaseTimes = { leaseMs: number; heartbeatIntervalMs: number }

type Checked = { ok: true; sending: Sending; killSwitch: string } | { ok: false; code: string; why: string }

/**
 * Claims an approved action, checks its bytes against the hash that this executor proposed, sends them through `send` once, and
 * reports what happened, then reads the effect back where it is told how. Waits for the end of a launch hold. Dry runs take the same road without `send`. Answers with the action as it ended, FAILED and UNKNOWN too.
 * Throws `ApiProblem` when the claim is refused, and only then; `TamperedPayload`, `LostClaim`; and `NotRecorded` when the report is
 * not taken, for whatever reason. Rejects with an AbortError when `signal` aborts while it waits for a hold.
 */
export async function perform(
  call: Call,
  action: ExecutorAction,
  send: Send,
  { files = {}, readBack, signal }: PerformOptions = {},
  times: LeaseTimes = { leaseMs, heartbeatIntervalMs },
): Promise<ExecutorAction> {
  const askedAt = performance.now()
  const claim = await claimOnce(call, action, signal)
  const lease = keepLease(call, claim, askedAt, times)
  try {
    if ('refusal' in claim) {
      return await finish(call, claim, lease, { sent: 'no', outcome: 'failed', error_code: claim.refusal.code, error_summary: claim.refusal.message })
    }
    const checked = checkClaim(action, claim, files)
    if (!checked.ok) {
      await finish(call, claim, lease, { sent: 'no', outcome: 'failed', error_code: checked.code, error_summary: checked.why })
      throw new TamperedPayload(checked.why)
    }
    if (claim.mode === 'dry_run') return await finish(call, claim, lease, { sent: 'no', outcome: 'completed' })
    const obstacle = await findObstacle(call, claim, action, checked.killSwitch)
    if (obstacle !== null) return await finish(call, claim, lease, { sent: 'no', outcome: 'failed', ...obstacle })
    if (lease.lost !== null) throw new LostClaim(lease.lost)
    const { report, sent } = await sendOnce(send, checked.sending)
    const finished = await finish(call, claim, lease, report)
    if (readBack === undefined || report.sent === 'no') return finished
    return await reportEffect(call, claim, finished, () => readBack(checked.sending, sent))
  } finally {
    lease.letGo()
  }
}

function checkClaim(action: ExecutorAction, claim: Claim, files: Readonly<Record<string, Uint8Array>>): Checked {
  const refuse = (code: string, why: string): Checked => ({ ok: false, code, why })
  const read = readPayload(claim.payload)
  if (!read.ok) return refuse('payload_not_canonical', `the claimed payload is refused: ${read.detail}`)
  const right = read.hash === action.payload_hash && claim.payload_hash === action.payload_hash && claim.revision === action.revision
  if (!right) return refuse('hash_mismatch', `the claimed payload hashes to ${read.hash}, proposed was ${action.payload_hash}`)
  if (claim.mode !== read.payload.mode) return refuse('policy_mismatch', `the claim says ${claim.mode}, the payload ${read.payload.mode}`)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation)
  if (descriptor === undefined) return refuse('no_descriptor', 'this executor knows no descriptor for this kind of action')
  if (action.descriptor?.sha256 !== descriptorSha256(descriptor)) {
    return refuse('descriptor_mismatch', 'the descriptor of the console is not the one of this executor')
  }
  const found: Sending['files'] = []
  for (const file of read.payload.files) {
    const bytes = files[file.name]
    if (bytes === undefined || bytes.length !== file.size_bytes || sha256Hex(bytes) !== file.sha256) {
      return refuse('file_mismatch', `the file ${file.name} is missing or not the one that was approved`)
    }
    found.push({ name: file.name, bytes })
  }
  const request_bytes = encodeRequest(read.payload, descriptor)
  const { method, path } = read.payload.request
  const sending = {
    execution_id: claim.execution_id,
    target: read.payload.target,
    method,
    path,
    request_bytes,
    content_type: requestContentType(read.payload, descriptor),
    sha256: sha256Hex(request_bytes),
    files: found,
  }
  return { ok: true, sending, killSwitch: descriptor.kill_switch }
}

/** The last look before connecting: is everything still on, and is the fence still ours? */
async function findObstacle(
  call: Call,
  claim: Claim,
  action: ExecutorAction,
  killSwitch: string,
): Promise<{ error_code: string; error_summary: string } | null> {
  try {
    const control = await call(getExecutorControl, {})
    const refuse = (error_code: string, what: string) => ({ error_code, error_summary: `${what}; seen right before connecting, nothing was sent` })
    if (control.brake_engaged || control.brakes.some((brake) => stops(brake, action))) return refuse('brake_engaged', 'the brake is engaged')
    if (!control.external_actions_enabled) return refuse('kill_switch_off', 'external actions are switched off')
    if (control.kill_switches[killSwitch as KillSwitch] !== true) return refuse('kill_switch_off', `the switch ${killSwitch} is off`)
    if (control.dry_run) return refuse('dry_run_on', 'dry run is on')
    await call(heartbeatExternalAction, { params: { action_id: claim.action_id }, body: { fence: claim.fence } })
    return null
  } catch (error) {
    if (isLost(error)) throw new LostClaim((error as Error).message)
    return {
      error_code: 'control_unreadable',
      error_summary: `control could not be read right before connecting, so nothing was sent: ${(error as Error).message}`,
    }
  }
}

/** Of the smaller brakes an executor reads only its own: those of its runs and of itself. */
function stops({ kind, id }: BrakeScope, action: ExecutorAction): boolean {
  return kind === 'all' || kind === 'executor' || (kind === 'provider' ? id === action.provider : id === action.run_id)
}

async function sendOnce(send: Send, sending: Sending): Promise<{ report: Report; sent: Sent | null }> {
  try {
    const sent = await send(sending)
    const { external_object_id, external_url } = sent
    return { report: { sent: 'yes', outcome: 'completed', sent_sha256: sending.sha256, external_object_id, external_url }, sent }
  } catch (error) {
    const error_summary = error instanceof Error ? error.message : String(error)
    if (error instanceof NotSent) return { report: { sent: 'no', outcome: 'failed', error_code: error.code, error_summary }, sent: null }
    const sent_sha256 = sending.sha256
    if (error instanceof ProviderRefused) {
      return { report: { sent: 'yes', outcome: 'failed', sent_sha256, error_code: error.code, error_summary }, sent: null }
    }
    return { report: { sent: 'unknown', outcome: 'unknown', sent_sha256, error_code: 'no_answer', error_summary }, sent: null }
  }
}

/** What was reported stands whatever comes of this: a read-back that fails is told, one that is not taken is missing, and neither undoes a finish. */
async function reportEffect(call: Call, claim: Claim, finished: ExecutorAction, read: () => Promise<string | null>): Promise<ExecutorAction> {
  let observed: string | null = null
  let detail: string | undefined
  try {
    observed = await read()
    if (observed === null) detail = 'The provider does not show it.'
    else if (observed.length > observedTextLimit) {
      observed = null
      detail = 'What the provider shows is too long to be compared.'
    }
  } catch (error) {
    detail = fitText(`It could not be read back: ${(error as Error).message}`, reportTextLimits.error_summary)
  }
  try {
    return await call(observeExternalAction, { params: { action_id: claim.action_id }, body: { fence: claim.fence, observed, detail } })
  } catch {
    return finished
  }
}

type Held = Pick<Claim, 'action_id' | 'fence'>
type Lease = { lost: string | null; endsAt: number; letGo: () => void }

/** Heartbeats until let go. Ends are counted on this machine's own clock from before the request that gave the lease. */
function keepLease(call: Call, claim: Held, claimAskedAt: number, times: LeaseTimes): Lease {
  const lease: Lease = { lost: null, endsAt: claimAskedAt + times.leaseMs, letGo: () => clearInterval(timer) }
  const timer = setInterval(async () => {
    const askedAt = performance.now()
    try {
      await call(heartbeatExternalAction, { params: { action_id: claim.action_id }, body: { fence: claim.fence } })
      lease.endsAt = askedAt + times.leaseMs
    } catch (error) {
      if (isLost(error)) lease.lost = (error as Error).message
    }
  }, times.heartbeatIntervalMs)
  return lease
}

/** Repeats the report until it is recorded or the lease is over; what was sent is known here and nowhere else. */
async function finish(call: Call, claim: Held, lease: Lease, said: Report): Promise<ExecutorAction> {
  const report = fitReport(said)
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call(finishExternalAction, { params: { action_id: claim.action_id }, body: { fence: claim.fence, ...report } })
    } catch (error) {
      const waitMs = Math.min(attempt * 500, 5_000)
      if (!mayPass(error) || performance.now() + waitMs > lease.endsAt) throw new NotRecorded(report.sent, error)
      await delay(waitMs)
    }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof ApiProblem && ['stale_fence', 'not_executing', 'not_found'].includes(error.code)
}

function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
