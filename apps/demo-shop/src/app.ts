import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { toListingPage, toMissingPage, toShopPage } from './listing-pages.ts'
import { mountShopApi } from './shop-api-routes.ts'
import type { ShopOptions } from './shop-api-routes.ts'
import { toShopProblem } from './shop-problem.ts'

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

/** A small shop: sellers post and change listings with a token, everybody may look. */
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
    return listing === undefined ? c.notFound() : c.html(toListingPage(listing, store.listChanges(listing.listing_id)))
  })

  mountShopApi(app, options)

  const methods = {
    '/': 'GET',
    '/shop.css': 'GET',
    '/shop.svg': 'GET',
    '/listings/:id': 'GET',
    '/api/listings': 'GET, POST',
    '/api/listings/:id': 'GET',
    '/api/listings/:id/unpublish': 'POST',
    '/api/listings/:id/quantity': 'PUT',
    '/api/executions/:id': 'GET',
    '/api/requests': 'GET',
  }
  for (const [path, allow] of Object.entries(methods)) {
    app.all(path, (c) => toShopProblem('method_not_allowed', `${c.req.path.slice(0, 200)} takes ${allow} only.`, { allow }))
  }
  return app
}
