import { expect, test } from 'vitest'
import { reviseListing } from './revise-listing.ts'

const body = {
  title: 'Inventory of harbour: 2 files, 1 licence',
  description: 'A complete inventory.\nIts README.md begins: “Counts ships.”',
  quantity: 25,
  tags: ['inventory', 'licences', 'MIT'],
}
const listing = {
  provider: 'demo_shop',
  operation: 'create_listing',
  target: { shop: 'demo-shop' },
  mode: 'live' as const,
  cost: null,
  request: { method: 'POST' as const, path: '/api/listings', body },
  files: [],
}

test.each([
  ['/request/body/title', { title: 'Inventory of harbour' }],
  ['/request/body/description', { description: 'A complete inventory.' }],
  ['/request/body/quantity', { quantity: 1 }],
  ['/request/body/tags/1', { tags: ['inventory', 'MIT'] }],
])('a request to change %s makes it plainer and leaves the rest', (field, change) => {
  expect(reviseListing(listing, field)).toEqual({ ...listing, request: { ...listing.request, body: { ...body, ...change } } })
})

test.each([null, '', '/request/body/price/amount_minor', '/request/body/report_sha256', '/target/shop', '/request/body/tags/9'])(
  'for %s the agent has nothing better',
  (field) => {
    expect(reviseListing(listing, field)).toBeNull()
  },
)

test('what was made plainer once cannot be made plainer again', () => {
  const once = reviseListing(listing, '/request/body/title')!
  expect(reviseListing(once, '/request/body/title')).toBeNull()
})
