import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { toPayloadText } from '@autopack/approval-proof/payload'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createExecutor } from './create-executor.ts'
import type { Executor } from './create-executor.ts'
import { readOverHttp } from './read-over-http.ts'
import { sendOverHttp } from './send-over-http.ts'
import { answerWell, buildAction, control, executionId, key, listen, payload, problem } from './test/listening-peer.ts'
import type { Answer, Peer, Seen } from './test/listening-peer.ts'

let plane: Peer
let shop: Peer
let executor: Executor
const listing = { title: 'A', price: { amount_minor: 100, currency: 'USD' } }

beforeEach(async () => {
  plane = await listen((seen) => answerWell(seen))
  shop = await listen((seen) => (seen.method === 'GET' ? { status: 200, json: listing } : { status: 201, json: { listing_id: '1001' } }))
  executor = createExecutor({ url: plane.origin, key })
})
afterEach(() => Promise.all([plane.close(), shop.close()]))

const send = async (sending: Parameters<Parameters<Executor['perform']>[1]>[0]) => {
  const { json } = await sendOverHttp(shop.origin, sending, {})
  return { external_object_id: (json as { listing_id: string }).listing_id }
}
const bodiesTo = (what: string) =>
  plane.seen.filter((seen) => seen.url.endsWith(`/${what}`)).map((seen) => JSON.parse(seen.body.toString()) as unknown)
const answer = (changes: Record<string, (seen: Seen) => Answer>) => {
  plane.answer = (seen) => answerWell(seen, changes)
}

describe('reading back', () => {
  test('follows the report, and reports exactly the text that the provider answered', async () => {
    await executor.perform(buildAction(), send, {
      readBack: (_, sent) => readOverHttp(shop.origin, `/api/listings/${sent?.external_object_id}`, {}),
    })
    expect(shop.seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /api/listings', 'GET /api/listings/1001'])
    expect(bodiesTo('observations')).toEqual([{ fence: 7, observed: JSON.stringify(listing) }])
    expect(plane.seen.map((seen) => seen.url.split('/').at(-1))).toEqual(['claim', 'control', 'heartbeat', 'finish', 'observations'])
  })

  test('of what may have been sent asks by the execution, and says so when it is not there', async () => {
    shop.answer = (seen) => (seen.method === 'GET' ? { status: 404 } : 'hang up')
    await executor.perform(buildAction(), send, {
      readBack: ({ execution_id }, sent) => {
        expect(sent).toBeNull()
        return readOverHttp(shop.origin, `/api/executions/${execution_id}`, {})
      },
    })
    expect(shop.seen.at(-1)!.url).toBe(`/api/executions/${executionId}`)
    expect(bodiesTo('finish')).toMatchObject([{ sent: 'unknown', outcome: 'unknown' }])
    expect(bodiesTo('observations')).toEqual([{ fence: 7, observed: null, detail: 'The provider does not show it.' }])
  })

  test('that fails is told as such and leaves the report as it is', async () => {
    shop.answer = (seen) => (seen.method === 'GET' ? { status: 500, json: { why: 'tired' } } : { status: 201, json: { listing_id: '1001' } })
    await executor.perform(buildAction(), send, { readBack: () => readOverHttp(shop.origin, '/api/listings/1001', {}) })
    expect(bodiesTo('finish')).toMatchObject([{ outcome: 'completed' }])
    expect(bodiesTo('observations')).toEqual([
      { fence: 7, observed: null, detail: 'It could not be read back: the provider answered 500: {"why":"tired"}' },
    ])
  })

  test('does not follow a redirect, so credentials reach nobody else', async () => {
    shop.answer = () => ({ status: 307, headers: { location: plane.origin } })
    await expect(readOverHttp(shop.origin, '/api/listings/1001', { authorization: 'Bearer secret' })).rejects.toThrow('the provider answered 307')
    expect(plane.seen).toEqual([])
  })

  test('is not done when nothing was sent', async () => {
    await shop.close()
    await executor.perform(buildAction(), send, { readBack: () => Promise.reject(new Error('nobody should ask')) })
    expect(bodiesTo('finish')).toMatchObject([{ sent: 'no', outcome: 'failed' }])
    expect(bodiesTo('observations')).toEqual([])
  })
})

describe('a smaller brake', () => {
  test.each([
    ['of its provider', { kind: 'provider', id: 'demo_shop' }, 'FAILED'],
    ['of its run', { kind: 'run', id: 'run-1' }, 'FAILED'],
    ['of itself', { kind: 'executor', id: 'exr_1' }, 'FAILED'],
    ['of another provider', { kind: 'provider', id: 'etsy' }, 'sent'],
    ['of another of its runs', { kind: 'run', id: 'run-2' }, 'sent'],
  ])('%s, engaged after the claim, is seen right before connecting', async (_, brake, ends) => {
    answer({ control: () => ({ status: 200, json: { ...control, brakes: [brake] } }) })
    await executor.perform(buildAction({ run_id: 'run-1' }), send)
    expect(shop.seen).toHaveLength(ends === 'sent' ? 1 : 0)
    expect(bodiesTo('finish')).toMatchObject([ends === 'sent' ? { sent: 'yes' } : { sent: 'no', error_code: 'brake_engaged' }])
  })
})

describe('a launch hold', () => {
  test('is waited for, as long as the control plane says, with one and the same key', async () => {
    let asked = 0
    plane.answer = (seen) => {
      if (!seen.url.endsWith('/claim')) return answerWell(seen)
      asked += 1
      const held = problem('in_hold', 409)
      return asked < 3 && held !== 'hang up' ? { ...held, headers: { 'retry-after': '0' } } : answerWell(seen)
    }
    expect((await executor.perform(buildAction(), send)).state).toBe('COMPLETED')
    const keys = plane.seen.filter((seen) => seen.url.endsWith('/claim')).map((seen) => seen.headers['idempotency-key'])
    expect([keys.length, new Set(keys).size]).toEqual([3, 1])
  })

  test('that ends in a veto ends the waiting', async () => {
    answer({ claim: () => problem('not_approved', 409) })
    await expect(executor.perform(buildAction(), send)).rejects.toThrow(/not_approved/)
    expect(shop.seen).toEqual([])
  })
})

describe('a request for a change', () => {
  const asked = {
    field: '/request/body/title',
    reason: 'Too long.',
    asked_by: { operator_id: 'op_1', name: 'Mira' },
    asked_at: '2026-11-22T12:00:00.000Z',
  }

  test('ends the waiting for a decision', async () => {
    plane.answer = () => ({ status: 200, json: buildAction({ state: 'PENDING', change_request: asked }) })
    expect(await executor.waitForDecision(buildAction())).toMatchObject({ state: 'PENDING', change_request: { reason: 'Too long.' } })
  })

  test('is answered with another payload in place of the revision that was read', async () => {
    const shorter = { ...payload, request: { ...payload.request, body: { title: 'B' } } }
    const hash = payloadHash(toPayloadText({ v: 1, ...shorter }))
    answer({ revisions: () => ({ status: 201, json: buildAction({ state: 'PENDING', revision: 2, payload_hash: hash }) }) })
    expect(await executor.revise(buildAction({ state: 'PENDING' }), shorter)).toMatchObject({ revision: 2, payload_hash: hash })
    expect(bodiesTo('revisions')).toEqual([{ payload: toPayloadText({ v: 1, ...shorter }), payload_hash: hash, after_revision: 1 }])
  })

  test('is not believed to be answered when the control plane speaks of other bytes', async () => {
    answer({ revisions: () => ({ status: 201, json: buildAction({ state: 'PENDING', revision: 2 }) }) })
    await expect(executor.revise(buildAction(), { ...payload, mode: 'dry_run' })).rejects.toMatchObject({ name: 'TamperedPayload' })
  })
})
