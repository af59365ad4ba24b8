import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { toListingPage, toMissingPage, toShopPage } from './listing-pages.ts'
import type { ListingStore } from './listing-store.ts'
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

const securityHeaders = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

/** A small shop: sellers post listings with a token, everybody may look. */
export function createShop(options: ShopOptions): Hono {
  const { store } = options
  const files = {
    css: readFileSync(join(import.meta.dirname, 'shop.css'), 'utf8'),
    icon: readFileSync(join(import.meta.dirname, 'shop.svg'), 'utf8'),
  }
  const app = new Hono()

  app.use(async (c, next) => {
    await next()
    for (const [name, value] of Object.entries(securityHeaders)) c.res.headers.set(name, value)
  })
  app.onError(() => toShopProblem('internal_error', 'Something failed in the shop; nothing was listed.'))
  app.notFound((c) => {
    const wantsPage = !c.req.path.startsWith('/api/') && (c.req.header('accept') ?? '').includes('text/html')
    return wantsPage ? c.html(toMissingPage(), 404) : toShopProblem('not_found', `There is nothing at ${c.req.path.slice(0, 200)}.`)
  })

  app.get('/', (c) => c.html(toShopPage(store.listings)))
  app.get('/shop.css', (c) => c.body(files.css, 200, { 'content-type': 'text/css; charset=utf-8' }))
  app.get('/shop.svg', (c) => c.body(files.icon, 200, { 'content-type': 'image/svg+xml' }))
  app.get('/listings/:id', (c) => {
    const listing = store.findListing(c.req.param('id'))
    return listing === undefined ? c.notFound() : c.html(toListingPage(listing))
  })

  app.use('/api/*', async (c, next) => {
    if (isToken(c.req.header('authorization'), options.token)) return next()
    return toShopProblem('token_refused', 'Send the shop token as "authorization: Bearer …".', { 'www-authenticate': 'Bearer' })
  })
  app.post(
    '/api/listings',
    bodyLimit({
      maxSize: listingBodyLimitBytes,
      onError: () => toShopProblem('body_too_large', `A listing has at most ${listingBodyLimitBytes} bytes.`),
    }),
    (c) => createListing(c, options),
  )
  app.get('/api/listings/:id', (c) => {
    const listing = store.findListing(c.req.param('id'))
    if (listing === undefined) return c.notFound()
    const { body, ...rest } = listing
    return c.json({ ...rest, ...body, url: toListingUrl(options, listing.listing_id) })
  })
  app.get('/api/requests', (c) => c.json({ items: store.requests }))

  const methods = {
    '/': 'GET',
    '/shop.css': 'GET',
    '/shop.svg': 'GET',
    '/listings/:id': 'GET',
    '/api/listings': 'POST',
    '/api/listings/:id': 'GET',
    '/api/requests': 'GET',
  }
  for (const [path, allow] of Object.entries(methods)) {
    app.all(path, (c) => toShopProblem('method_not_allowed', `${c.req.path.slice(0, 200)} takes ${allow} only.`, { allow }))
  }
  return app
}

async function createListing(c: Context, { store, now, origin }: ShopOptions): Promise<Response> {
  if ((c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase() !== 'application/json') {
    return toShopProblem('unsupported_media_type', 'Send the listing as application/json.')
  }
  const executionId = c.req.header('idempotency-key') ?? ''
  if (!/^[A-Za-z0-9_.:-]{1,200}$/.test(executionId)) {
    return toShopProblem('idempotency_key_required', 'Send an Idempotency-Key of 1 to 200 letters, digits and _ . : -')
  }
  const bytes = new Uint8Array(await c.req.arrayBuffer())
  const listed = store.findListingByExecution(executionId)
  if (listed !== undefined) {
    if (createHash('sha256').update(bytes).digest('hex') !== listed.sha256) {
      store.recordRequest(executionId, bytes, 409, null, now())
      return toShopProblem('idempotency_key_reused', `This key made listing ${listed.listing_id} out of other bytes; nothing was listed.`)
    }
    store.recordRequest(executionId, bytes, 201, listed.listing_id, now())
    return c.json({ listing_id: listed.listing_id, url: toListingUrl({ origin }, listed.listing_id) }, 201)
  }
  const read = readListing(bytes)
  if (!read.ok) {
    store.recordRequest(executionId, bytes, 400, null, now())
    return toShopProblem('malformed_listing', read.detail)
  }
  const listing = store.createListing(executionId, bytes, read.body, now())
  return c.json({ listing_id: listing.listing_id, url: toListingUrl({ origin }, listing.listing_id) }, 201)
}

function toListingUrl({ origin }: { origin: string }, listingId: string): string {
  return `${origin}/listings/${listingId}`
}

/** Compares hashes, so that neither length nor content of the token shows in the time it takes. */
function isToken(header: string | undefined, token: string): boolean {
  const hash = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(header ?? ''), hash(`Bearer ${token}`))
}
