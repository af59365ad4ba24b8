import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { toPayloadText, type Payload } from '@autopack/approval-proof/payload'
import { payloadHash, toUtf8 } from '@autopack/approval-proof/payload-hash'
import { computePolicy } from '@autopack/approval-proof/policy'
import { seal } from '@autopack/approval-proof/seal'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { describe, expect, it } from 'vitest'
import { loadDescriptorOf, readProposal } from './read-proposal.ts'

const listing = {
  title: 'Inventory report',
  description: 'What is in the folder.',
  price: { amount_minor: 1900, currency: 'EUR' },
  quantity: 1,
  report_sha256: 'e'.repeat(64),
  tags: ['report'],
}

function buildPayload(more: Partial<Payload> = {}): Payload {
  return {
    v: 1,
    provider: 'demo_shop',
    operation: 'create_listing',
    target: { shop: 'demo-shop' },
    mode: 'live',
    cost: { amount_minor: 20, currency: 'USD' },
    request: { method: 'POST', path: '/api/listings', body: listing },
    files: [],
    ...more,
  }
}

/** What an honest server says of a payload. */
function toAction(payload: Payload): { action: ExternalAction; bytes: Uint8Array } {
  const bytes = toUtf8(toPayloadText(payload))
  const descriptor = findDescriptor(payload.provider, payload.operation) ?? null
  const policy = computePolicy(payload, descriptor)
  const action = {
    revision: 1,
    provider: payload.provider,
    operation: payload.operation,
    mode: payload.mode,
    cost: payload.cost,
    blind: policy.blind,
    payload_hash: payloadHash(bytes),
    seal: seal(payloadHash(bytes)),
    descriptor: descriptor === null ? null : { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
    coverage: { explained: policy.coverage.explained, present: policy.coverage.present },
  }
  return { action: action as ExternalAction, bytes }
}

describe('readProposal', () => {
  it('finds no difference when the server tells the truth, and explains every field', async () => {
    const { action, bytes } = toAction(buildPayload())
    const proposal = readProposal(action, bytes, await loadDescriptorOf(bytes))
    expect(proposal.differences).toEqual([])
    expect(proposal.rendered?.blind).toBe(false)
    expect(proposal.hash).toBe(action.payload_hash)
    expect(proposal.rendered?.sentence_text).toContain('Inventory report')
  })

  it('says that the hash is not the hash of these bytes when one byte is another', async () => {
    const { action } = toAction(buildPayload())
    const { bytes } = toAction(buildPayload({ cost: { amount_minor: 21, currency: 'USD' } }))
    const proposal = readProposal(action, bytes, await loadDescriptorOf(bytes))
    expect(proposal.differences).toContain('The server’s payload hash is not the hash of these bytes.')
    expect(proposal.differences).toContain('The cost in the bytes is not the cost the server shows.')
  })

  it.each<[string, Partial<ExternalAction>]>([
    ['seal', { seal: 'abandon-abandon-abandon-abandon-abandon' }],
    ['mode', { mode: 'dry_run' }],
    ['operation', { operation: 'delete_listing' }],
    ['cost', { cost: null }],
    ['descriptor version', { descriptor: { id: 'demo_shop.create_listing', version: 2, sha256: 'f'.repeat(64) } }],
    ['missing descriptor', { descriptor: null }],
    ['coverage', { coverage: { explained: 1, present: 1 } }],
    ['blindness', { blind: true }],
  ])('finds a server that lies about the %s', async (_, lie) => {
    const { action, bytes } = toAction(buildPayload())
    expect(readProposal({ ...action, ...lie }, bytes, await loadDescriptorOf(bytes)).differences).not.toEqual([])
  })

  it('is blind, without being wrong, for a kind of action that nobody described', async () => {
    const { action, bytes } = toAction(buildPayload({ operation: 'delete_everything' }))
    const proposal = readProposal(action, bytes, await loadDescriptorOf(bytes))
    expect(proposal.differences).toEqual([])
    expect(proposal.rendered?.blind).toBe(true)
    expect(proposal.descriptor_reference).toBeNull()
  })

  it('refuses bytes that are no payload instead of guessing', async () => {
    const { action } = toAction(buildPayload())
    const bytes = toUtf8('{"v":1, "provider":"demo_shop"}')
    const proposal = readProposal(
      { ...action, payload_hash: payloadHash(bytes), seal: seal(payloadHash(bytes)) },
      bytes,
      await loadDescriptorOf(bytes),
    )
    expect(proposal.rendered).toBeNull()
    expect(proposal.unreadable).toMatch(/white space/)
    expect(proposal.differences).toEqual(['These bytes are not a payload that this console can read.'])
  })
})
