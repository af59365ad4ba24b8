/** The kinds of action that histories propose, and by hand what the ledger's rules say of each. */
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'

export type ActionKind = {
  payload: (title: string) => string
  live: boolean
  provider: 'demo_shop' | 'etsy' | 'unheard_of'
  /** Null: nobody described it, so it never runs live. */
  killSwitch: 'DEMO_SHOP_PUBLISH' | 'ETSY_PUBLISH' | null
  /** In US cents; 0: it costs nothing. */
  costMinor: number
  /** How many people have to approve; none on a grant. */
  people: number
  executeWithinSeconds: number
  holdSeconds: number
  /** Proposed with `escalate`: people decide what could run on a grant. */
  escalated: boolean
  /** The bound of its grant that it breaks makes it refused. */
  overGrant: boolean
}

function toListing(title: string, change: Partial<Payload>, more: object = {}): string {
  const body = {
    title,
    description: 'What was found.',
    price: { amount_minor: 1900, currency: 'EUR' },
    quantity: 1,
    report_sha256: 'a'.repeat(64),
    tags: [],
  }
  return toPayloadText({
    v: 1,
    provider: 'demo_shop',
    operation: 'create_listing',
    target: { shop: 'demo-shop' },
    mode: 'live',
    cost: { amount_minor: 20, currency: 'USD' },
    request: { method: 'POST', path: '/api/listings', body: { ...body, ...more } },
    files: [],
    ...change,
  })
}

const etsyBody = {
  description: 'Solid walnut, oiled by hand.',
  price: '38.00',
  quantity: 12,
  who_made: 'i_did',
  when_made: 'made_to_order',
  taxonomy_id: 891,
  type: 'physical',
  shipping_profile_id: 7,
  readiness_state_id: 9,
  should_auto_renew: false,
}

function toEtsyListing(title: string): string {
  const request: Payload['request'] = { method: 'POST', path: '/v3/application/shops/12345678/listings', body: { ...etsyBody, title } }
  return toListing(title, { provider: 'etsy', target: { shop_id: 12_345_678 }, request })
}

/** The number in its title decides the listing, so that two texts differ. */
function toQuantity(title: string, cost: Payload['cost']): string {
  const listing_id = `l-${title.replace(/[^0-9a-f]/g, '').slice(0, 12)}`
  const request: Payload['request'] = { method: 'PUT', path: `/api/listings/${listing_id}/quantity`, body: { quantity: 7 } }
  return toListing(title, { operation: 'set_quantity', target: { listing_id, shop: 'demo-shop' }, cost, request })
}

const listing: ActionKind = {
  payload: (title) => toListing(title, {}),
  live: true,
  provider: 'demo_shop',
  killSwitch: 'DEMO_SHOP_PUBLISH',
  costMinor: 20,
  people: 1,
  executeWithinSeconds: 3_600,
  holdSeconds: 0,
  escalated: false,
  overGrant: false,
}
const cents: Payload['cost'] = { amount_minor: 20, currency: 'USD' }

export const actionKinds = {
  listing,
  'free listing': { ...listing, payload: (title) => toListing(title, { cost: null }), costMinor: 0 },
  /** A value that no descriptor explains makes it blind: a second person has to approve. */
  'blind listing': { ...listing, payload: (title) => toListing(title, {}, { unexplained: 'x' }), people: 2 },
  'dry listing': { ...listing, payload: (title) => toListing(title, { mode: 'dry_run' }), live: false },
  undescribed: {
    ...listing,
    payload: (title) => toListing(title, { provider: 'unheard_of', operation: 'do_it' }),
    provider: 'unheard_of',
    killSwitch: null,
    people: 2,
  },
  /** Two people, and a hold of five minutes after the second. */
  'etsy listing': { ...listing, payload: toEtsyListing, provider: 'etsy', killSwitch: 'ETSY_PUBLISH', people: 2, holdSeconds: 300 },
  /** Tier A: a look at one listing more than there are, so that each text is another. */
  'list listings': {
    ...listing,
    payload: (title) =>
      toListing(title, {
        operation: 'list_listings',
        target: { shop: `shop-${title.replace(/[^0-9a-f]/g, '').slice(0, 12)}` },
        cost: null,
        request: { method: 'GET', path: '/api/listings', body: null },
      }),
    costMinor: 0,
    people: 0,
    executeWithinSeconds: 300,
  },
  /** Tier B, on its grant. */
  'set quantity': { ...listing, payload: (title) => toQuantity(title, null), costMinor: 0, people: 0, executeWithinSeconds: 900 },
  /** Tier B beyond its grant, which allows no cost. */
  'costly quantity': { ...listing, payload: (title) => toQuantity(title, cents), people: 0, overGrant: true },
  'escalated quantity': { ...listing, payload: (title) => toQuantity(title, cents), escalated: true },
} satisfies Record<string, ActionKind>
export type KindName = keyof typeof actionKinds
