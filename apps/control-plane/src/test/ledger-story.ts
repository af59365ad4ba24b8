/** What ledger tests do again and again, through the real app: propose, decide, claim, finish, look. */
import { createHash, randomUUID } from 'node:crypto'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { encodeRequest } from '@autopack/approval-proof/encode-request'
import { readPayload, toPayloadText } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { computePolicy } from '@autopack/approval-proof/policy'
import { renderAction } from '@autopack/approval-proof/render-action'
import type { AuditEvent } from '@autopack/contract/audit'
import type { ExecutorAction, claimExternalAction } from '@autopack/contract/executor-actions'
import type { AnswerOf } from '@autopack/contract/route'
import type { Role } from '@autopack/contract/roles'
import { sql } from 'drizzle-orm'
import type { ControlCeiling } from '../environment.ts'
import type { TestDeps } from './open-test-deps.ts'
import { signApproval } from './passkey-story.ts'
import type { SaidApproval } from './passkey-story.ts'

/** What the demo turns on for itself: the shop's switch, with a dollar and ten actions a day. */
export const everythingOn: ControlCeiling = {
  externalActionsEnabled: true,
  dryRun: false,
  killSwitches: { ETSY_PUBLISH: false, SHOPIFY_PUBLISH: false, YOUTUBE_PUBLISH: false, TRADING_ORDERS: false, DEMO_SHOP_PUBLISH: true },
  maxDailySpendMinor: { USD: 100_000 },
  maxActionsPerDay: 1_000,
}

/** A listing of the demo shop; each call another one, unless the title is given. */
export function toListing(change: Partial<Payload> = {}, title = `Report ${randomUUID()}`): string {
  return toPayloadText({
    v: 1,
    provider: 'demo_shop',
    operation: 'create_listing',
    target: { shop: 'demo-shop' },
    mode: 'live',
    cost: { amount_minor: 20, currency: 'USD' },
    request: {
      method: 'POST',
      path: '/api/listings',
      body: {
        title,
        description: 'What was found.',
        price: { amount_minor: 1900, currency: 'EUR' },
        quantity: 1,
        report_sha256: 'a'.repeat(64),
        tags: [],
      },
    },
    files: [],
    ...change,
  })
}

type ProposeOptions = { payload?: string; more?: object; idempotencyKey?: string; executorKey?: string }

export async function sendProposal(deps: TestDeps, options: ProposeOptions = {}): Promise<Response> {
  const body = { payload: options.payload ?? toListing(), ...options.more }
  return deps.asExecutor(options.executorKey).post('/external-actions', body, { 'idempotency-key': options.idempotencyKey ?? randomUUID() })
}

export async function propose(deps: TestDeps, options: ProposeOptions = {}): Promise<ExecutorAction & { payload: string }> {
  const payload = options.payload ?? toListing()
  const response = await sendProposal(deps, { ...options, payload })
  return { ...((await expectStatus(response, 201)) as ExecutorAction), payload }
}

type Proposed = { action_id: string; revision: number; payload: string }

export function toApproval(action: Proposed, change: object = {}): object {
  const read = readPayload(action.payload)
  if (!read.ok) throw new Error(read.detail)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  return {
    kind: 'approve',
    revision: action.revision,
    payload_hash: read.hash,
    descriptor: descriptor && { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
    display_sha256: renderAction(read.payload, descriptor).display_sha256,
    reason: 'It is what I asked for.',
    ...change,
  }
}

export function toRejection(action: Proposed, change: object = {}): object {
  return {
    kind: 'reject',
    revision: action.revision,
    payload_hash: payloadHash(action.payload),
    reject_kind: 'not_now',
    reason: 'Not today.',
    ...change,
  }
}

/** Signs, as the console does, where an approval takes a passkey and the person may ask for a challenge. */
export async function decide(deps: TestDeps, who: Role | string, action: { action_id: string; payload?: string }, body: object): Promise<Response> {
  if (isApproval(body) && !('signature' in body) && needsPasskey(action.payload)) {
    const signature = await signApproval(deps, who, action, body).catch(() => undefined)
    return sendDecision(deps, who, action, { ...body, signature })
  }
  return sendDecision(deps, who, action, body)
}

function isApproval(body: object): body is SaidApproval {
  return 'kind' in body && body.kind === 'approve'
}

function needsPasskey(payload: string | undefined): boolean {
  const read = payload === undefined ? null : readPayload(payload)
  if (read === null || !read.ok) return false
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  return computePolicy(read.payload, descriptor, { escalated: false }).approval.step_up === 'passkey'
}

/** Exactly as it is, signed or not. */
export function sendDecision(deps: TestDeps, who: Role | string, action: { action_id: string }, body: object): Promise<Response> {
  return deps.asOperator(who).post(`/operator/external-actions/${action.action_id}/decision`, body)
}

export async function proposeApproved(deps: TestDeps, options: ProposeOptions = {}): Promise<ExecutorAction & { payload: string }> {
  const action = await propose(deps, options)
  await expectStatus(await decide(deps, 'approver', action, toApproval(action)), 200)
  return action
}

export function sendClaim(
  deps: TestDeps,
  action: Proposed,
  options: { key?: string; idempotencyKey?: string; body?: object } = {},
): Promise<Response> {
  const body = options.body ?? { revision: action.revision, payload_hash: payloadHash(action.payload) }
  const headers = { 'idempotency-key': options.idempotencyKey ?? randomUUID() }
  return deps.asExecutor(options.key).post(`/external-actions/${action.action_id}/claim`, body, headers)
}

export type Claim = AnswerOf<typeof claimExternalAction>

export async function proposeClaimed(deps: TestDeps, options: ProposeOptions = {}): Promise<Claim> {
  const action = await proposeApproved(deps, options)
  return (await expectStatus(await sendClaim(deps, action), 201)) as Claim
}

export function sendFinish(deps: TestDeps, claim: { action_id: string; fence: number }, report: object): Promise<Response> {
  return deps.asExecutor().post(`/external-actions/${claim.action_id}/finish`, { fence: claim.fence, ...report })
}

/** SHA-256 of the bytes that an honest executor sends for this payload, hex. */
export function toSentSha256(payload: string): string {
  const read = readPayload(payload)
  if (!read.ok) throw new Error(read.detail)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation)!
  return createHash('sha256').update(encodeRequest(read.payload, descriptor)).digest('hex')
}

export async function expectStatus(response: Response, status: number): Promise<unknown> {
  const body: unknown = await response.json()
  if (response.status !== status) throw new Error(`expected ${status}, got ${response.status}: ${JSON.stringify(body)}`)
  return body
}

/** Status and problem code of an answer; the code is null for an answer that is no problem. */
export async function outcomeOf(response: Response): Promise<{ status: number; code: string | null }> {
  const body = (await response.json()) as { code?: string }
  return { status: response.status, code: response.headers.get('content-type')?.includes('problem') ? (body.code ?? null) : null }
}

export async function stateOf(deps: TestDeps, actionId: string): Promise<string> {
  const found = await deps.db.execute(sql`SELECT state FROM control_plane.external_action WHERE action_id = ${actionId}`)
  return (found.rows[0] as { state: string }).state
}

/** The audit events about an action, oldest first. */
export async function listAuditOf(deps: TestDeps, actionId: string): Promise<AuditEvent[]> {
  const found = await deps.db.execute(sql`SELECT event FROM control_plane.audit_event WHERE approval_ref_id = ${actionId} ORDER BY seq`)
  return found.rows.map((row) => JSON.parse((row as { event: string }).event) as AuditEvent)
}

export async function countRows(
  deps: TestDeps,
  table: 'decision' | 'execution' | 'action_authorization' | 'execution_outcome' | 'action_revision',
  actionId: string,
): Promise<number> {
  const column =
    table === 'execution_outcome'
      ? sql`execution_id IN (SELECT execution_id FROM control_plane.execution WHERE action_id = ${actionId})`
      : sql`action_id = ${actionId}`
  const found = await deps.db.execute(sql`SELECT count(*)::int AS count FROM ${sql.raw(`control_plane.${table}`)} WHERE ${column}`)
  return (found.rows[0] as { count: number }).count
}

/** Used and reserved of a cap of the whole deployment, over all days; the currency '' counts actions. */
export async function capUseOf(deps: TestDeps, currency: string): Promise<{ used: number; reserved: number }> {
  const found = await deps.db.execute(
    sql`SELECT coalesce(sum(used), 0)::int AS used, coalesce(sum(reserved), 0)::int AS reserved FROM control_plane.cap_day WHERE scope = '' AND currency = ${currency}`,
  )
  return found.rows[0] as { used: number; reserved: number }
}

/** How far a clock goes ahead for a test that counts on one day: over midnight where the UTC day is about to end, else not at all. */
export async function secondsPastDayEnd(deps: TestDeps): Promise<number> {
  const found = await deps.db.execute(sql`SELECT (clock_timestamp() AT TIME ZONE 'UTC')::time > '23:50' AS ending`)
  return (found.rows[0] as { ending: boolean }).ending ? 900 : 0
}

/** The SQLSTATE with which the database refuses a statement; null when it does not. */
export async function sqlStateOf(act: () => Promise<unknown>): Promise<string | null> {
  try {
    await act()
    return null
  } catch (error) {
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      const { code } = at as { code?: unknown }
      if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) return code
    }
    throw error
  }
}

/** Engages or releases the brake over everything, as the database sees it; idempotent. */
export async function setBrake(deps: TestDeps, engaged: boolean): Promise<void> {
  const admin = deps.operatorIds.admin
  await deps.db.execute(
    engaged
      ? sql`INSERT INTO control_plane.brake (brake_id, scope_kind, scope_id, engaged_at, engaged_by, engaged_reason, audited)
          VALUES (${`brk_${randomUUID()}`}, 'all', '', clock_timestamp(), ${admin}, 'A test says so.', true) ON CONFLICT DO NOTHING`
      : sql`UPDATE control_plane.brake SET released_at = greatest(engaged_at, clock_timestamp()), released_by = ${admin}, released_reason = 'A test says so.'
          WHERE released_at IS NULL`,
  )
}

export function revoke(
  deps: TestDeps,
  who: Role | string,
  action: { action_id: string; revision: number; payload: string },
  change: object = {},
): Promise<Response> {
  const body = { kind: 'revoke', revision: action.revision, payload_hash: payloadHash(action.payload), reason: 'Not any more.', ...change }
  return deps.asOperator(who).post(`/operator/external-actions/${action.action_id}/revoke`, body)
}

export function sendResolution(
  deps: TestDeps,
  who: Role | string,
  claim: { action_id: string; execution_id: string },
  change: object,
): Promise<Response> {
  const body = {
    execution_id: claim.execution_id,
    outcome: 'failed',
    looked_at: "The shop's page of listings.",
    reason: 'I looked it up.',
    ...change,
  }
  return deps.asOperator(who).post(`/operator/external-actions/${claim.action_id}/resolve`, body)
}

export function revise(
  deps: TestDeps,
  action: { action_id: string; revision: number },
  payload: string,
  change: object = {},
  executorKey?: string,
): Promise<Response> {
  const body = { payload, after_revision: action.revision, ...change }
  return deps.asExecutor(executorKey).post(`/external-actions/${action.action_id}/revisions`, body)
}

export function askChange(deps: TestDeps, who: Role | string, action: Proposed & { action_id: string }, change: object = {}): Promise<Response> {
  const body = {
    kind: 'ask_change',
    revision: action.revision,
    payload_hash: payloadHash(action.payload),
    field: null,
    reason: 'Say it better.',
    ...change,
  }
  return decide(deps, who, action, body)
}

export function sendObservation(
  deps: TestDeps,
  claim: { action_id: string; fence: number },
  observed: string | null,
  change: object = {},
  executorKey?: string,
): Promise<Response> {
  return deps.asExecutor(executorKey).post(`/external-actions/${claim.action_id}/observations`, { fence: claim.fence, observed, ...change })
}
