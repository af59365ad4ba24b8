import { createHash, timingSafeEqual } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Effect, Listing, ListingStore, Operation } from './listing-store.ts'
import { readChange } from './read-change.ts'
import type { ChangeOperation } from './read-change.ts'
import { readListing } from './read-listing.ts'
import { toShopProblem } from './shop-problem.ts'

export const listingBodyLimitBytes = 256 * 1024

export type ShopOptions = {
  store: ListingStore
  /** What a seller must present as `authorization: Bearer …`. */
  token: string
  /** Where people see the pages, without a slash at the end. */
  origin: string
  now: () => Date
}

/** What sellers do, with a token: every request that changes something is idempotent by its Idempotency-Key and kept as it arrived. */
export function mountShopApi(app: Hono, options: ShopOptions): void {
  const { store } = options
  const limited = bodyLimit({
    maxSize: listingBodyLimitBytes,
    onError: () => toShopProblem('body_too_large', `A body has at most ${listingBodyLimitBytes} bytes.`),
  })

  app.use('/api/*', async (c, next) => {
    if (isToken(c.req.header('authorization'), options.token)) return next()
    return toShopProblem('token_refused', 'Send the shop token as "authorization: Bearer …".', { 'www-authenticate': 'Bearer' })
  })
  app.get('/api/listings', (c) => {
    const newest = store.listings.slice(-200).toReversed()
    return c.json({ items: newest.map((listing) => presentListing(options, listing)), total: store.listings.length })
  })
  app.get('/api/listings/:id', (c) => {
    const listing = store.findListing(c.req.param('id'))
    return listing === undefined ? c.notFound() : c.json(presentListing(options, listing))
  })
  app.post('/api/listings', limited, (c) => receive(c, options, 'create'))
  app.post('/api/listings/:id/unpublish', limited, (c) => receive(c, options, 'unpublish'))
  app.put('/api/listings/:id/quantity', limited, (c) => receive(c, options, 'set_quantity'))
  app.get('/api/executions/:id', (c) => c.json(presentExecution(options, c.req.param('id'))))
  app.get('/api/requests', (c) => c.json({ items: store.requests }))
}

/** One request that wants to change the shop: what it did before, whether it may, doing it, all of it in the journal. */
async function receive(c: Context, options: ShopOptions, operation: Operation): Promise<Response> {
  const { store, now } = options
  if ((c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase() !== 'application/json') {
    return toShopProblem('unsupported_media_type', 'Send the body as application/json.')
  }
  const executionId = c.req.header('idempotency-key') ?? ''
  if (!/^[A-Za-z0-9_.:-]{1,200}$/.test(executionId)) {
    return toShopProblem('idempotency_key_required', 'Send an Idempotency-Key of 1 to 200 letters, digits and _ . : -')
  }
  const listingId = operation === 'create' ? null : (c.req.param('id') ?? '')
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  const refuse = (...[code, detail]: Parameters<typeof toShopProblem>) => {
    const refusal = toShopProblem(code, detail)
    store.recordRequest(executionId, operation, bytes, refusal.status, null, now())
    return refusal
  }

  const done = store.findEffect(executionId)
  if (done !== undefined) {
    const same = done.operation === operation && (listingId === null || done.listing_id === listingId) && done.sha256 === hash(bytes)
    if (!same) return refuse('idempotency_key_reused', `This key did something else with listing ${done.listing_id} before; nothing was done now.`)
    store.recordRequest(executionId, operation, bytes, done.status, done.listing_id, now())
    return answer(c, options, done)
  }
  if (operation === 'create') {
    const read = readListing(bytes)
    if (!read.ok) return refuse('malformed_listing', read.detail)
    return answer(c, options, store.createListing(executionId, bytes, read.body, now()))
  }
  return changeListing(operation, listingId ?? '')

  function changeListing(change: ChangeOperation, id: string): Response {
    const listing = store.findListing(id)
    if (listing === undefined) return refuse('not_found', `There is no listing ${id.slice(0, 200)}.`)
    const read = readChange(change, bytes)
    if (!read.ok) return refuse('malformed_change', read.detail)
    if (listing.unpublished !== null)
      return refuse('unpublished_already', `Listing ${id} was taken down on ${listing.unpublished.at}; it stays as it is.`)
    return answer(c, options, store.changeListing(executionId, bytes, listing, read.body, now()))
  }
}

/** The same answer to every request with this key, whatever happened to the listing since. */
function answer(c: Context, options: ShopOptions, { listing_id, status, change }: Effect): Response {
  const body = { listing_id, url: toListingUrl(options, listing_id) }
  if (change === null) return c.json(body, status as 201)
  return c.json({ ...body, ...change }, status as 200)
}

function presentListing(options: ShopOptions, { body, ...rest }: Listing): object {
  const state = rest.unpublished === null ? 'published' : 'unpublished'
  return { ...body, ...rest, state, url: toListingUrl(options, rest.listing_id) }
}

/** What came of an execution, for whoever does not know whether it was sent: `done` once, `refused`, or `nothing_arrived`. */
function presentExecution(options: ShopOptions, executionId: string): object {
  const requests = options.store.requests.filter((request) => request.execution_id === executionId)
  const effect = options.store.findEffect(executionId)
  if (effect !== undefined) return { result: 'done', ...effect, url: toListingUrl(options, effect.listing_id), requests }
  return { result: requests.length === 0 ? 'nothing_arrived' : 'refused', execution_id: executionId, listing_id: null, requests }
}

function toListingUrl({ origin }: { origin: string }, listingId: string): string {
  return `${origin}/listings/${listingId}`
}

function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Compares hashes, so that neither length nor content of the token shows in the time it takes. */
function isToken(header: string | undefined, token: string): boolean {
  return timingSafeEqual(Buffer.from(hash(Buffer.from(header ?? ''))), Buffer.from(hash(Buffer.from(`Bearer ${token}`))))
}
