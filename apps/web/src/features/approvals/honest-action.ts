import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { toPayloadText, type Payload } from '@autopack/approval-proof/payload'
import { payloadHash, toUtf8 } from '@autopack/approval-proof/payload-hash'
import { computePolicy } from '@autopack/approval-proof/policy'
import { renderAction } from '@autopack/approval-proof/render-action'
import { seal } from '@autopack/approval-proof/seal'
import type { ExternalAction } from '@autopack/contract/external-actions'

const proposedAt = '2026-11-22T13:00:00.000Z'

/** A listing of the demo shop; `body` changes its request. */
export function buildListing(body: object = {}, more: Partial<Payload> = {}): Payload {
  const listing = {
    ...{ title: 'Walnut desk organiser', description: 'Solid walnut, oiled by hand.', quantity: 12 },
    ...{ price: { amount_minor: 3_800, currency: 'EUR' }, report_sha256: 'e'.repeat(64), tags: ['walnut', 'desk'] },
    ...body,
  }
  return {
    ...{ v: 1, provider: 'demo_shop', operation: 'create_listing', target: { shop: 'demo-shop' }, mode: 'live' },
    ...{ cost: { amount_minor: 20, currency: 'USD' }, request: { method: 'POST', path: '/api/listings', body: listing }, files: [] },
    ...more,
  } as Payload
}

/** For tests: what a server that tells the truth says of a payload that it got at 13:00, and the bytes. */
export function buildHonestAction(payload: Payload, more: Partial<ExternalAction> = {}): { action: ExternalAction; bytes: Uint8Array } {
  const bytes = toUtf8(toPayloadText(payload))
  const descriptor = findDescriptor(payload.provider, payload.operation) ?? null
  const policy = computePolicy(payload, descriptor)
  const payload_hash = payloadHash(bytes)
  const { decide_within_seconds, execute_within_seconds, hold_seconds } = policy.approval
  const decideBy = Date.parse(proposedAt) + decide_within_seconds * 1_000
  const action: Partial<ExternalAction> = {
    action_id: 'act_00000000-0000-4000-8000-000000000001',
    executor: { executor_id: 'ex_1', name: 'shop-writer' },
    ...{ state: 'PENDING', revision: 1, version: 1, escalated: false, decisions: [], findings: [], still_needed: [] },
    ...{ provider: payload.provider, operation: payload.operation, mode: payload.mode, cost: payload.cost },
    ...{ tier: policy.tier, kill_switch: policy.kill_switch, target: policy.target_text, blind: policy.blind, risk: policy.risk },
    ...{ payload_hash, seal: seal(payload_hash), step_up: policy.approval.step_up },
    sentence: renderAction(payload, descriptor).sentence_text,
    coverage: { explained: policy.coverage.explained, present: policy.coverage.present },
    descriptor: descriptor === null ? null : { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
    slots: policy.approval.all_of.flatMap(({ role, count }, group) =>
      Array.from({ length: count }, (_, slot) => ({ group, slot, role, filled_by: null })),
    ),
    decide_by: new Date(decideBy).toISOString(),
    latest_execute_by: new Date(decideBy + (execute_within_seconds + hold_seconds) * 1_000).toISOString(),
    revisions: [{ revision: 1, created_at: proposedAt, payload_hash, seal: seal(payload_hash), sentence: '' }],
    ...more,
  }
  return { action: action as ExternalAction, bytes }
}
