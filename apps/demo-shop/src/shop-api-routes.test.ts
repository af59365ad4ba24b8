import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createShop } from './app.ts'
import { openListingStore } from './listing-store.ts'
import type { ListingStore } from './listing-store.ts'
import { listingBodyLimitBytes } from './shop-api-routes.ts'

const token = 'shop-token-of-the-tests'
const listing = {
  title: 'Inventory of harbour',
  description: 'Two lines\nof text',
  price: { amount_minor: 1250, currency: 'EUR' },
  quantity: 3,
  report_sha256: 'ab'.repeat(32),
  tags: ['report', 'demo'],
}
const unpublish = { method: 'POST', path: '/api/listings/1001/unpublish', body: JSON.stringify({ reason: 'The price was wrong.' }) }
const restock = { method: 'PUT', path: '/api/listings/1001/quantity', body: JSON.stringify({ quantity: 7 }) }

let folder: string
let store: ListingStore
let shop: ReturnType<typeof createShop>
let clock: Date

function open(): void {
  store = openListingStore(folder)
  shop = createShop({ store, token, origin: 'http://127.0.0.1:4602', now: () => clock })
}

type Sent = { method: string; path: string; body?: string; key?: string; headers?: Record<string, string> }

async function send({ method, path, body, key = 'exe_2', headers = {} }: Sent) {
  const json = body === undefined ? {} : { 'content-type': 'application/json', 'idempotency-key': key }
  const answer = await shop.request(path, { method, body, headers: { authorization: `Bearer ${token}`, ...json, ...headers } })
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> }
}

const get = async (path: string) => (await send({ method: 'GET', path })).json

beforeEach(async () => {
  clock = new Date('2026-11-22T12:00:00.000Z')
  folder = mkdtempSync(join(tmpdir(), 'demo-shop-'))
  open()
  await send({ method: 'POST', path: '/api/listings', body: JSON.stringify(listing), key: 'exe_1' })
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

describe('200', () => {
  test('taking a listing down keeps its page, which says so with the reason, and is there after a restart', async () => {
    clock = new Date('2026-11-22T13:30:00.000Z')
    expect(await send(unpublish)).toEqual({
      status: 200,
      json: { listing_id: '1001', url: 'http://127.0.0.1:4602/listings/1001', operation: 'unpublish', reason: 'The price was wrong.' },
    })
    store.close()
    open()
    const unpublished = { reason: 'The price was wrong.', at: '2026-11-22T13:30:00.000Z', execution_id: 'exe_2' }
    expect(await get('/api/listings/1001')).toMatchObject({ listing_id: '1001', state: 'unpublished', unpublished, title: listing.title })
    const page = await shop.request('/listings/1001')
    expect(page.status).toBe(200)
    expect(await page.text()).toMatch(/Not for sale\.[^]*2026-11-22 13:30:00 UTC[^]*The price was wrong\./)
    expect(await (await shop.request('/')).text()).toContain('1 listing, taken down')
  })

  test('a quantity holds on the page and in the answer, and the body that arrived first stays as it was', async () => {
    expect(await send(restock)).toMatchObject({ status: 200, json: { operation: 'set_quantity', quantity: 7 } })
    await send({ ...restock, body: '{"quantity":0}', key: 'exe_3' })
    store.close()
    open()
    expect(await get('/api/listings/1001')).toMatchObject({ state: 'published', quantity: 0, unpublished: null, execution_id: 'exe_1' })
    const page = await (await shop.request('/listings/1001')).text()
    expect(page).toContain('sold out')
    // Every change that arrived is on the page with the hash of its bytes, for whoever compares it with the console's.
    for (const text of ['Stock set to 7', 'Stock set to 0', createHash('sha256').update(restock.body).digest('hex'), 'exe_3'])
      expect(page).toContain(text)
    expect(JSON.parse(readFileSync(join(folder, 'bodies/1001.json'), 'utf8'))).toEqual(listing)
  })

  test.each([unpublish, restock])('the raw bytes of $path are kept, and the journal has their hash', async (change) => {
    const body = ` ${change.body}\n`
    await send({ ...change, body })
    expect(readFileSync(join(folder, 'changes/1.json'), 'utf8')).toBe(body)
    expect(store.requests.at(-1)).toMatchObject({ execution_id: 'exe_2', status: 200, sha256: createHash('sha256').update(body).digest('hex') })
  })

  test.each([unpublish, restock])(
    'the same key with the same bytes does $path once, also after a restart, and gets the same answer',
    async (change) => {
      const first = await send(change)
      if (change === restock) await send({ ...restock, body: '{"quantity":1}', key: 'exe_3' })
      const before = await get('/api/listings/1001')
      store.close()
      open()
      clock = new Date('2026-11-23T00:00:00.000Z')
      expect(await send(change)).toEqual(first)
      store.close()
      open()
      expect(await get('/api/listings/1001')).toEqual(before)
    },
  )

  test('the listings are answered newest first, with the state of each', async () => {
    await send({ method: 'POST', path: '/api/listings', body: JSON.stringify({ ...listing, title: 'Another' }) })
    await send({ ...unpublish, key: 'exe_3' })
    expect(await get('/api/listings')).toMatchObject({
      total: 2,
      items: [
        { listing_id: '1002', state: 'published', title: 'Another' },
        { listing_id: '1001', state: 'unpublished' },
      ],
    })
  })
})

describe('what came of an execution', () => {
  test('is done, once, with the hash of what arrived, however often it was sent', async () => {
    await send(restock)
    await send(restock)
    const sha256 = createHash('sha256').update(restock.body).digest('hex')
    const answer = await get('/api/executions/exe_2')
    expect(answer).toMatchObject({ result: 'done', execution_id: 'exe_2', operation: 'set_quantity', listing_id: '1001', sha256 })
    expect(answer).toMatchObject({ requests: [{ status: 200 }, { status: 200 }], url: 'http://127.0.0.1:4602/listings/1001' })
    expect(await get('/api/executions/exe_1')).toMatchObject({ result: 'done', operation: 'create', listing_id: '1001' })
  })

  test('is a refusal when everything with its key was refused', async () => {
    await send({ ...restock, body: '{"quantity":-1}' })
    expect(await get('/api/executions/exe_2')).toMatchObject({ result: 'refused', listing_id: null, requests: [{ status: 400 }] })
  })

  test('is nothing when nothing arrived', async () => {
    expect(await get('/api/executions/exe_9')).toEqual({ result: 'nothing_arrived', execution_id: 'exe_9', listing_id: null, requests: [] })
  })
})

describe('refusals change nothing, and are in the journal', () => {
  const other = { ...listing, title: 'Other' }

  test.each<[string, Sent, number, string]>([
    ['a listing that is not there', { ...unpublish, path: '/api/listings/9/unpublish' }, 404, 'not_found'],
    ['no reason', { ...unpublish, body: '{}' }, 400, 'malformed_change'],
    ['a reason of spaces', { ...unpublish, body: '{"reason":"  "}' }, 400, 'malformed_change'],
    ['a member that is unknown', { ...unpublish, body: '{"reason":"x","price":1}' }, 400, 'malformed_change'],
    ['half a piece', { ...restock, body: '{"quantity":1.5}' }, 400, 'malformed_change'],
    ['less than nothing', { ...restock, body: '{"quantity":-1}' }, 400, 'malformed_change'],
    ['bytes that are no JSON', { ...restock, body: 'quantity=1' }, 400, 'malformed_change'],
    ['the key of a creation', { ...restock, key: 'exe_1' }, 409, 'idempotency_key_reused'],
    [
      'a creation with a key that did something else',
      { method: 'POST', path: '/api/listings', body: JSON.stringify(other), key: 'exe_1' },
      409,
      'idempotency_key_reused',
    ],
  ])('%s is refused', async (_what, sent, status, code) => {
    const before = await get('/api/listings/1001')
    expect(await send(sent)).toMatchObject({ status, json: { code } })
    expect(store.requests.map((request) => request.status)).toEqual([201, status])
    expect(await get('/api/listings/1001')).toEqual(before)
    expect(store.listings).toHaveLength(1)
  })

  test('the same key for another listing, another change or other bytes is a 409', async () => {
    await send({ method: 'POST', path: '/api/listings', body: JSON.stringify(other), key: 'exe_4' })
    await send(restock)
    for (const change of [{ ...restock, path: '/api/listings/1002/quantity' }, unpublish, { ...restock, body: '{"quantity":8}' }]) {
      expect(await send(change)).toMatchObject({ status: 409, json: { code: 'idempotency_key_reused' } })
    }
    expect(await get('/api/listings/1001')).toMatchObject({ quantity: 7, state: 'published' })
    expect(await get('/api/listings/1002')).toMatchObject({ quantity: 3, state: 'published' })
  })

  test('what was taken down is neither restocked nor taken down again', async () => {
    await send(unpublish)
    for (const change of [unpublish, restock]) {
      expect(await send({ ...change, key: 'exe_3' })).toMatchObject({ status: 409, json: { code: 'unpublished_already' } })
    }
    expect(await get('/api/listings/1001')).toMatchObject({ quantity: 3, unpublished: { execution_id: 'exe_2' } })
  })

  test('without a token nothing can be read or changed', async () => {
    for (const sent of [unpublish, restock, { method: 'GET', path: '/api/listings' }, { method: 'GET', path: '/api/executions/exe_1' }]) {
      expect(await send({ ...sent, headers: { authorization: 'Bearer wrong' } })).toMatchObject({ status: 401, json: { code: 'token_refused' } })
    }
    expect(store.requests).toHaveLength(1)
  })

  test('a change without key, of another type, too large or with another method never gets to the listing', async () => {
    for (const change of [unpublish, restock]) {
      expect(await send({ ...change, key: '' })).toMatchObject({ status: 400, json: { code: 'idempotency_key_required' } })
      expect(await send({ ...change, headers: { 'content-type': 'text/plain' } })).toMatchObject({ status: 415 })
      expect(await send({ ...change, body: `"${'x'.repeat(listingBodyLimitBytes)}"` })).toMatchObject({ status: 413 })
      expect(await send({ ...change, method: 'DELETE' })).toMatchObject({ status: 405 })
    }
    expect(store.requests).toHaveLength(1)
  })
})

describe('the folder', () => {
  test('a change that was written but never entered in the journal did not happen, and its place is taken by the next', async () => {
    writeFileSync(join(folder, 'changes/1.json'), '{"quantity":99}')
    store.close()
    open()
    expect(await get('/api/listings/1001')).toMatchObject({ quantity: 3 })
    await send(restock)
    store.close()
    open()
    expect(await get('/api/listings/1001')).toMatchObject({ quantity: 7 })
  })

  test('a stored change that was altered on the disk is found when the shop opens', async () => {
    await send(restock)
    store.close()
    writeFileSync(join(folder, 'changes/1.json'), '{"quantity":9}')
    expect(() => openListingStore(folder)).toThrow('changes/1.json: its hash is not the one in requests.jsonl')
    writeFileSync(join(folder, 'changes/1.json'), restock.body)
    open()
  })

  test('a journal from before there were changes is read as what it was', async () => {
    store.close()
    const journal = join(folder, 'requests.jsonl')
    writeFileSync(journal, readFileSync(journal, 'utf8').replace('"operation":"create",', ''))
    open()
    expect(store.requests).toMatchObject([{ operation: 'create', status: 201 }])
    expect(await get('/api/listings/1001')).toMatchObject({ state: 'published', quantity: 3 })
  })
})

test('the reason of a seller stays text on the page', async () => {
  await send({ ...unpublish, body: JSON.stringify({ reason: '<script>alert(1)</script>"><img src=x onerror=alert(1)>' }) })
  const text = await (await shop.request('/listings/1001')).text()
  expect(text).not.toContain('<script')
  expect(text).not.toContain('<img')
  expect(text).toContain('&lt;script&gt;')
})
