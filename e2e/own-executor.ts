import { createHash } from 'node:crypto'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { encodeRequest } from '@autopack/approval-proof/encode-request'
import { readPayload, toPayloadText } from '@autopack/approval-proof/payload'
import { request } from '@playwright/test'
import { askConsole } from './ask-console.ts'
import { renewSession } from './renew-session.ts'
import { console_ } from './running-console.ts'

type Payload = Parameters<typeof toPayloadText>[0]
type Claimed = { fence: number; payload: string }

const common = { v: 1, mode: 'live', cost: { amount_minor: 20, currency: 'USD' }, files: [] }

/** A listing of the demo shop, as a payload's text. */
export function listingText(body: Record<string, unknown>): string {
  return toPayloadText({
    ...common,
    provider: 'demo_shop',
    operation: 'create_listing',
    target: { shop: 'demo-shop' },
    request: {
      method: 'POST',
      path: '/api/listings',
      body: {
        ...{ title: 'Walnut desk organiser', description: 'Solid walnut, oiled by hand.', price: { amount_minor: 3_800, currency: 'EUR' } },
        ...{ quantity: 12, report_sha256: 'a'.repeat(64), tags: ['walnut'] },
        ...body,
      },
    },
  } as unknown as Payload)
}

/** A kind of action with a launch hold; as a dry run, because this deployment may not send it. */
export function heldText(title: string): string {
  return toPayloadText({
    ...common,
    mode: 'dry_run',
    provider: 'etsy',
    operation: 'create_listing',
    target: { shop_id: 12_345_678 },
    request: {
      method: 'POST',
      path: '/v3/application/shops/12345678/listings',
      body: {
        ...{ title, description: 'Solid walnut, oiled by hand.', price: '38.00', quantity: 12, type: 'physical', taxonomy_id: 891 },
        ...{ who_made: 'i_did', when_made: 'made_to_order', shipping_profile_id: 7, readiness_state_id: 9, is_supply: false },
      },
    },
  } as unknown as Payload)
}

/** An executor of its own, over the routes of the contract: what it says it sent is true, whatever it sent. */
export async function createOwnExecutor() {
  const context = await request.newContext({
    baseURL: console_.origin,
    storageState: await renewSession('admin'),
    extraHTTPHeaders: { origin: console_.origin, 'x-csrf': '1' },
  })
  const answer = await context.post('/api/executor-keys', {
    data: { executor_name: `ledger-writer-${Date.now().toString(36)}`, shared_with_everyone: true },
  })
  if (!answer.ok()) throw new Error(`no key: ${answer.status()} ${await answer.text()}`)
  const { secret } = (await answer.json()) as { secret: string }
  await context.dispose()

  async function post<T>(path: string, body: unknown): Promise<T> {
    const response = await fetch(`${console_.controlPlaneUrl}/external-actions${path}`, {
      method: 'POST',
      headers: { 'x-api-key': secret, 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  return {
    propose: async (payload: string) => (await post<{ action_id: string }>('', { payload })).action_id,
    revise: (id: string, payload: string, after_revision: number) => post(`/${id}/revisions`, { payload, after_revision }),
    withdraw: (id: string) => post(`/${id}/cancel`, { reason: 'the test is over' }),
    async claim(id: string): Promise<Claimed> {
      const { revision, payload_hash } = await askConsole('approver', `/api/external-actions/${id}`)
      return post<Claimed>(`/${id}/claim`, { revision, payload_hash })
    },
    finish: (id: string, { fence }: Claimed, report: object) => post(`/${id}/finish`, { fence, ...report }),
    complete: (id: string, { fence, payload }: Claimed) =>
      post(`/${id}/finish`, { fence, sent: 'yes', outcome: 'completed', sent_sha256: toSentHash(payload), external_object_id: 'lst_1' }),
    observe: (id: string, { fence }: Claimed, observed: object | null) =>
      post(`/${id}/observations`, { fence, observed: observed === null ? null : JSON.stringify(observed) }),
  }
}

function toSentHash(text: string): string {
  const read = readPayload(new TextEncoder().encode(text))
  if (!read.ok) throw new Error(read.detail)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation)!
  return createHash('sha256').update(encodeRequest(read.payload, descriptor)).digest('hex')
}
