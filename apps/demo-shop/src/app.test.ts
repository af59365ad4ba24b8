import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
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

let folder: string
let store: ListingStore
let shop: ReturnType<typeof createShop>

function open(): void {
  store = openListingStore(folder)
  shop = createShop({ store, token, origin: 'http://127.0.0.1:4602', now: () => new Date('2026-11-22T12:00:00.000Z') })
}

function post(body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<Response> {
  return Promise.resolve(
    shop.request('/api/listings', {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'exe_1', 'content-type': 'application/json', ...headers },
    }),
  )
}

async function codeOf(response: Response): Promise<string> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  return ((await response.json()) as { code: string }).code
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'demo-shop-'))
  open()
})
afterEach(() => {
  store.close()
  rmSync(folder, { recursive: true })
})

describe('201', () => {
  test('a listing is stored as the raw bytes that arrived, and shows on the pages with its hash', async () => {
    const text = `${JSON.stringify(listing, null, 3)} `
    const answer = await post(text)
    expect(answer.status).toBe(201)
    expect(await answer.json()).toEqual({ listing_id: '1001', url: 'http://127.0.0.1:4602/listings/1001' })
    expect(readFileSync(join(folder, 'bodies/1001.json'), 'utf8')).toBe(text)
    const page = await (await shop.request('/listings/1001')).text()
    expect(page).toContain(createHash('sha256').update(text).digest('hex'))
    expect(page).toContain(listing.report_sha256)
    expect(page).toContain('€12.50')
    expect(await (await shop.request('/')).text()).toContain('Inventory of harbour')
  })

  test('the same key with the same bytes gets the same answer and lists nothing twice', async () => {
    const text = JSON.stringify(listing)
    const first = await (await post(text)).json()
    const second = await post(text)
    expect(second.status).toBe(201)
    expect(await second.json()).toEqual(first)
    expect(store.listings).toHaveLength(1)
    expect(store.requests.map((request) => request.status)).toEqual([201, 201])
  })

  test('listings, keys and requests survive a restart, even one that cut off the last line', async () => {
    const text = JSON.stringify(listing)
    await post(text)
    store.close()
    appendFileSync(join(folder, 'requests.jsonl'), '{"received_at":"2026')
    open()
    expect(store.requests).toHaveLength(1)
    expect(await (await post(text)).json()).toMatchObject({ listing_id: '1001' })
    expect(await (await post(text, { 'idempotency-key': 'exe_2' })).json()).toMatchObject({ listing_id: '1002' })
    store.close()
    open()
    expect(store.listings.map((item) => item.listing_id)).toEqual(['1001', '1002'])
    expect(store.requests).toHaveLength(3)
  })
})

describe('refusals list nothing', () => {
  afterEach(() => expect(store.listings.filter((item) => item.execution_id === 'exe_1').length).toBeLessThanOrEqual(1))

  test('a missing or wrong token is a 401 and leaves no trace in the journal', async () => {
    for (const authorization of ['', 'Bearer wrong', token, `Basic ${token}`]) {
      expect(await codeOf(await post(JSON.stringify(listing), { authorization }))).toBe('token_refused')
    }
    expect((await shop.request('/api/requests')).status).toBe(401)
    expect((await shop.request('/api/listings/1001')).status).toBe(401)
    expect(store.requests).toHaveLength(0)
  })

  test('malformed JSON, wrong types and unknown members are a 400 that names the place', async () => {
    expect(await codeOf(await post('{'))).toBe('malformed_listing')
    expect(await codeOf(await post(new Uint8Array([0xff, 0xfe])))).toBe('malformed_listing')
    expect(await codeOf(await post(JSON.stringify({ ...listing, surprise: true })))).toBe('malformed_listing')
    const wrong = await post(JSON.stringify({ ...listing, price: { amount_minor: 1.5, currency: 'EUR' } }))
    expect(((await wrong.json()) as { detail: string }).detail).toContain('price.amount_minor')
    expect(store.listings).toHaveLength(0)
    expect(store.requests.map((request) => request.status)).toEqual([400, 400, 400, 400])
  })

  test('a post without an idempotency key is a 400', async () => {
    expect(await codeOf(await post(JSON.stringify(listing), { 'idempotency-key': '' }))).toBe('idempotency_key_required')
  })

  test('a body that is not declared as JSON is a 415', async () => {
    expect(await codeOf(await post(JSON.stringify(listing), { 'content-type': 'text/plain' }))).toBe('unsupported_media_type')
  })

  test('a body over the limit is a 413, with and without a declared length', async () => {
    const large = JSON.stringify({ ...listing, description: 'x'.repeat(listingBodyLimitBytes) })
    expect(await codeOf(await post(large))).toBe('body_too_large')
    const streamed = await shop.request('/api/listings', {
      method: 'POST',
      body: new Blob([large]).stream(),
      duplex: 'half',
      headers: { authorization: `Bearer ${token}`, 'idempotency-key': 'exe_1', 'content-type': 'application/json' },
    } as RequestInit)
    expect(await codeOf(streamed)).toBe('body_too_large')
    expect(store.requests).toHaveLength(0)
  })

  test('the same key with other bytes is a 409', async () => {
    await post(JSON.stringify(listing))
    expect(await codeOf(await post(JSON.stringify({ ...listing, quantity: 4 })))).toBe('idempotency_key_reused')
    expect(store.listings).toHaveLength(1)
  })

  test('an unknown path is a 404, as a page for people and as a problem for programs', async () => {
    expect(await codeOf(await shop.request('/api/listings/9', { headers: { authorization: `Bearer ${token}` } }))).toBe('not_found')
    expect(await codeOf(await shop.request('/nothing'))).toBe('not_found')
    const page = await shop.request('/listings/%2e%2e%2fsecrets', { headers: { accept: 'text/html' } })
    expect(page.status).toBe(404)
    expect(page.headers.get('content-type')).toContain('text/html')
  })

  test('another method is a 405 that names the right one', async () => {
    const answer = await shop.request('/api/listings', { method: 'DELETE', headers: { authorization: `Bearer ${token}` } })
    expect(answer.headers.get('allow')).toBe('GET, POST')
    expect(await codeOf(answer)).toBe('method_not_allowed')
    expect((await shop.request('/', { method: 'POST' })).status).toBe(405)
  })
})

describe('pages', () => {
  test('whatever a seller writes stays text, and the policy allows no script', async () => {
    const hostile = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    await post(JSON.stringify({ ...listing, title: hostile, description: hostile, tags: [hostile] }))
    for (const path of ['/', '/listings/1001']) {
      const page = await shop.request(path)
      const text = await page.text()
      expect(text).not.toContain('<script')
      expect(text).not.toContain('<img')
      expect(text).toContain('&lt;script&gt;')
      expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'/)
      expect(page.headers.get('x-content-type-options')).toBe('nosniff')
    }
  })

  test('the shop sets no cookie and asks for none', async () => {
    const page = await shop.request('/', { headers: { cookie: 'session=1' } })
    expect(page.headers.get('set-cookie')).toBeNull()
    expect(page.headers.get('vary') ?? '').not.toContain('ookie')
  })
})

test('a stored body that was changed on the disk is found when the shop opens', async () => {
  await post(JSON.stringify(listing))
  store.close()
  writeFileSync(join(folder, 'bodies/1001.json'), JSON.stringify({ ...listing, quantity: 9 }))
  expect(() => openListingStore(folder)).toThrow(/its hash is not the one/)
  writeFileSync(join(folder, 'bodies/1001.json'), JSON.stringify(listing))
  open()
})
