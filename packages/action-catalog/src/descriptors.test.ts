import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { encodeRequest, requestContentType } from '@autopack/approval-proof/encode-request'
import { findGrantRefusal } from '@autopack/approval-proof/find-grant-refusal'
import { readPayload, toPayloadText, type Payload } from '@autopack/approval-proof/payload'
import { computePolicy } from '@autopack/approval-proof/policy'
import { renderAction } from '@autopack/approval-proof/render-action'
import { describe, expect, it } from 'vitest'
import { findDescriptor } from './catalog.ts'

const common: Pick<Payload, 'v' | 'mode' | 'cost' | 'files'> = { v: 1, mode: 'live', cost: null, files: [] }
const unpublish: Payload = {
  ...common,
  provider: 'demo_shop',
  operation: 'unpublish_listing',
  target: { listing_id: '1001', shop: 'demo-shop' },
  request: { method: 'POST', path: '/api/listings/1001/unpublish', body: { reason: 'The price was wrong.' } },
}
const look: Payload = {
  ...common,
  provider: 'demo_shop',
  operation: 'list_listings',
  target: { shop: 'demo-shop' },
  request: { method: 'GET', path: '/api/listings', body: null },
}
const restock: Payload = {
  ...common,
  provider: 'demo_shop',
  operation: 'set_quantity',
  target: { listing_id: '1001', shop: 'demo-shop' },
  request: { method: 'PUT', path: '/api/listings/1001/quantity', body: { quantity: 7 } },
}
/** What Etsy asks for at least (createDraftListing of its Open API v3), and what a physical thing needs besides. */
const draft: Payload = {
  ...common,
  provider: 'etsy',
  operation: 'create_listing',
  target: { shop_id: 12_345_678 },
  cost: { amount_minor: 20, currency: 'USD' },
  request: {
    method: 'POST',
    path: '/v3/application/shops/12345678/listings',
    body: {
      ...{ title: 'Walnut desk organiser', description: 'Solid walnut, oiled by hand.', price: '38.00', quantity: 12 },
      ...{ who_made: 'i_did', when_made: 'made_to_order', taxonomy_id: 891, type: 'physical', shipping_profile_id: 7, readiness_state_id: 9 },
      ...{ tags: ['walnut', 'desk tidy'], materials: ['walnut'], is_supply: false, should_auto_renew: false },
    },
  },
}

const described = (payload: Payload): Descriptor => findDescriptor(payload.provider, payload.operation)!
const withBody = (payload: Payload, change: object): Payload => ({
  ...payload,
  request: { ...payload.request, body: { ...(payload.request.body as object), ...change } },
})
const without = (payload: Payload, name: string): Payload => {
  const { [name]: _left, ...body } = payload.request.body as { [key: string]: string }
  return { ...payload, request: { ...payload.request, body } }
}

describe.each<[string, Payload, string, object]>([
  [
    'demo_shop.unpublish_listing',
    unpublish,
    'take listing 1001 off demo-shop, because «The price was wrong.»',
    { tier: 'C', kill_switch: 'DEMO_SHOP_PUBLISH', target_text: 'demo_shop/demo-shop/1001', risk: { score: 40, level: 'medium' }, grant: null },
  ],
  [
    'demo_shop.list_listings',
    look,
    'read the listings of demo-shop',
    { tier: 'A', kill_switch: 'DEMO_SHOP_PUBLISH', target_text: 'demo_shop/demo-shop', risk: { score: 10, level: 'low' } },
  ],
  [
    'demo_shop.set_quantity',
    restock,
    'set the stock of listing 1001 on demo-shop to 7',
    { tier: 'B', kill_switch: 'DEMO_SHOP_PUBLISH', target_text: 'demo_shop/demo-shop/1001', risk: { score: 25, level: 'medium' } },
  ],
  [
    'etsy.create_listing',
    draft,
    "draft the listing «Walnut desk organiser» in Etsy shop 12345678 at 38.00 in the shop's currency, 12 in stock; Etsy takes its fee when the draft is published",
    { tier: 'C', kill_switch: 'ETSY_PUBLISH', target_text: 'etsy/12345678', risk: { score: 85, level: 'critical' }, grant: null },
  ],
])('%s', (_id, payload, sentence, policy) => {
  it('explains a whole payload, in one sentence, and computes its policy', () => {
    expect(readPayload(toPayloadText(payload))).toMatchObject({ ok: true })
    expect(renderAction(payload, described(payload))).toMatchObject({ blind: false, sentence_text: sentence })
    expect(computePolicy(payload, described(payload))).toMatchObject({ blind: false, ...policy })
  })

  it('is blind at another path, with another method, and about another target than its path', () => {
    const { request } = payload
    for (const change of [{ path: `${request.path}/x` }, { path: `${request.path}?x=1` }, { method: request.method === 'POST' ? 'PUT' : 'POST' }]) {
      expect(computePolicy({ ...payload, request: { ...request, ...change } as Payload['request'] }, described(payload))).toMatchObject({
        ...{ blind: true, tier: 'C', grant: null },
      })
    }
  })

  it('is tier C, and for people, when it is proposed beyond its grant', () => {
    const approval = described(payload).approval
    expect(computePolicy(payload, described(payload), { escalated: true })).toMatchObject({ tier: 'C', grant: null, approval })
  })
})

describe('a path with the target in it', () => {
  it.each(['1002', '../1001', '1001/unpublish', '%31001', ''])('does not take the listing %j for the one in the path', (listing_id) => {
    for (const payload of [unpublish, restock]) {
      expect(renderAction({ ...payload, target: { ...payload.target, listing_id } }, described(payload)).coverage.unexplained).toContain(
        '/request/path',
      )
    }
  })
})

describe('the grants', () => {
  it.each([look, restock])('cover a small and free $operation', (payload) => {
    const { grant, approval } = computePolicy(payload, described(payload))
    expect(grant).toEqual(described(payload).grant)
    expect(approval).toMatchObject({ all_of: [], execute_within_seconds: grant!.execute_within_seconds })
    expect(findGrantRefusal(payload, 4_096, described(payload))).toBeNull()
  })

  it.each([look, restock])('do not cover a large $operation, nor one that costs money', (payload) => {
    expect(findGrantRefusal(payload, 4_097, described(payload))).toContain('4097 bytes; the grant allows 4096')
    expect(findGrantRefusal({ ...payload, cost: { amount_minor: 1, currency: 'EUR' } }, 300, described(payload))).toContain('€0.01')
  })
})

describe('etsy.create_listing', () => {
  it('asks two people with passkeys, and waits before it goes out', () => {
    expect(computePolicy(draft, described(draft)).approval).toMatchObject({
      all_of: [{ role: 'approver', count: 2 }],
      step_up: 'passkey',
      hold_seconds: 300,
    })
  })

  it('sends the form that Etsy reads: lists joined by commas, the price digit by digit', () => {
    const form = new URLSearchParams(new TextDecoder().decode(encodeRequest(draft, described(draft))))
    expect(requestContentType(draft, described(draft))).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(form)).toEqual({
      ...{ title: 'Walnut desk organiser', description: 'Solid walnut, oiled by hand.', price: '38.00', quantity: '12' },
      ...{ who_made: 'i_did', when_made: 'made_to_order', taxonomy_id: '891', type: 'physical', shipping_profile_id: '7', readiness_state_id: '9' },
      ...{ tags: 'walnut,desk tidy', materials: 'walnut', is_supply: 'false', should_auto_renew: 'false' },
    })
  })

  it.each<[string, Payload, string]>([
    ['a listing that says it costs nothing', { ...draft, cost: null }, '/cost'],
    ['a fee in another currency', { ...draft, cost: { amount_minor: 20, currency: 'EUR' } }, '/cost/currency'],
    ['a tag that would arrive as two', withBody(draft, { tags: ['walnut,desk'] }), '/request/body/tags/0'],
    ['a price as a number', withBody(draft, { price: 38 }), '/request/body/price'],
    ['a listing that publishes itself', withBody(draft, { state: 'active' }), '/request/body/state'],
    ['something in an object', withBody(draft, { price: { amount: '38.00' } }), '/request/body/price/amount'],
  ])('is blind for %s', (_what, payload, pointer) => {
    expect(renderAction(payload, described(draft)).coverage.unexplained).toEqual([pointer])
  })

  it.each(['title', 'price', 'quantity'])('is blind without its %s', (name) => {
    expect(renderAction(without(draft, name), described(draft))).toMatchObject({ blind: true, coverage: { missing: [name] } })
  })
})
