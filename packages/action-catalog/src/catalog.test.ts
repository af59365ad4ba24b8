import { readdirSync } from 'node:fs'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { encodeRequest } from '@autopack/approval-proof/encode-request'
import { readPayload, toPayloadText, type Payload } from '@autopack/approval-proof/payload'
import { computePolicy } from '@autopack/approval-proof/policy'
import { renderAction } from '@autopack/approval-proof/render-action'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type * as z from 'zod/mini'
import { catalog, catalogFiles, findDescriptor } from './catalog.ts'
import { descriptorSha256 } from './descriptor-sha256.ts'
import type { descriptorSchema } from './descriptor-schema.ts'
import { loadDescriptor } from './load-descriptor.ts'
import { readCatalog } from './read-catalog.ts'

type Change = (descriptor: Descriptor) => void

const switches = ['DEMO_SHOP_PUBLISH', 'ETSY_PUBLISH']
const createListing = findDescriptor('demo_shop', 'create_listing')!

/** What is wrong with the catalog when one of its files is changed, or has another name. */
function problemsAfter(change: Change, id = 'demo_shop.create_listing', file = `${id}.json`) {
  const files = catalogFiles.map((item) => {
    if (item.file !== `${id}.json`) return item
    const value = structuredClone(item.value) as Descriptor
    change(value)
    return { file, value }
  })
  const read = readCatalog(files, switches)
  return read.ok ? [] : read.problems.filter((problem) => problem.file === file).map(({ path, reason }) => `${path} ${reason}`)
}

const grant = { max_bytes: 1, execute_within_seconds: 60, max_cost_minor: {}, actions_per_day: 1, cost_minor_per_day: {} }

function addField(descriptor: Descriptor, path: string, requestPath: string): void {
  descriptor.fields.push({ path, label: 'X', group: 'X', format: 'text', must_see: false, risk_weight: 0 })
  descriptor.request.path = requestPath
}

function makeForm(descriptor: Descriptor): void {
  descriptor.request.encoding = 'form'
  Object.assign(descriptor.fields[2]!, { format: 'decimal', wire: 'number' })
}

const listing: Payload = {
  v: 1,
  provider: 'demo_shop',
  operation: 'create_listing',
  target: { shop: 'demo-shop' },
  mode: 'live',
  cost: null,
  request: {
    method: 'POST',
    path: '/api/listings',
    body: {
      title: 'Inventory of a checkout',
      description: 'Every file, counted.',
      price: { amount_minor: 3800, currency: 'EUR' },
      quantity: 12,
      report_sha256: 'a'.repeat(64),
      tags: ['inventory'],
      details_markdown: '# Details',
    },
  },
  files: [{ name: 'report.md', sha256: 'a'.repeat(64), size_bytes: 6 }],
}

describe('the catalog', () => {
  it('is sound, and holds every file of its folder', () => {
    expect(readCatalog(catalogFiles, switches)).toEqual({ ok: true, catalog })
    expect(catalogFiles.map(({ file }) => file)).toEqual(readdirSync(new URL('../descriptors', import.meta.url)).toSorted())
  })

  it('has the type that the renderer reads', () => {
    expectTypeOf<z.infer<typeof descriptorSchema>>().toEqualTypeOf<Descriptor>()
  })

  it('finds no descriptor for what nobody described', () => {
    expect(findDescriptor('demo_shop', 'refund')).toBeUndefined()
    expect(findDescriptor('demo_shop', 'constructor')).toBeUndefined()
  })

  it('loads each descriptor by itself as it is in the whole, and none that nobody described', async () => {
    for (const descriptor of catalog) expect(await loadDescriptor(descriptor.provider, descriptor.operation)).toEqual(descriptor)
    expect(await loadDescriptor('demo_shop', 'refund')).toBeNull()
    expect(await loadDescriptor('constructor', 'name')).toBeNull()
  })

  it('changes the hash of a descriptor with any part of it', () => {
    const hash = descriptorSha256(createListing)
    expect(hash).toMatch(/^[0-9a-f]{64}$/)
    expect(descriptorSha256({ ...createListing, seen_by: 'nobody' })).not.toBe(hash)
  })
})

describe('demo_shop.create_listing', () => {
  it('explains a listing completely, in one sentence', () => {
    const action = renderAction(listing, createListing)
    expect(action.sentence_text).toBe('publish «Inventory of a checkout» on demo-shop at €38.00, 12 in stock')
    expect(action).toMatchObject({ blind: false, cost_text: 'nothing', title: 'Publish listing' })
  })

  it('is tier C behind its switch, decided by one approver', () => {
    expect(computePolicy(listing, createListing)).toMatchObject({
      tier: 'C',
      grant: null,
      kill_switch: 'DEMO_SHOP_PUBLISH',
      target_text: 'demo_shop/demo-shop',
      blind: false,
      risk: { level: 'high' },
      approval: {
        all_of: [{ role: 'approver', count: 1 }],
        step_up: 'preferred',
        decide_within_seconds: 86_400,
        execute_within_seconds: 3_600,
        hold_seconds: 0,
      },
    })
  })

  it('sends the body as it was approved', () => {
    const read = readPayload(toPayloadText(listing))
    if (!read.ok) throw new Error(read.detail)
    expect(JSON.parse(new TextDecoder().decode(encodeRequest(read.payload, createListing)))).toEqual(listing.request.body)
  })
})

describe('readCatalog', () => {
  it.each<[string, Change, string]>([
    ['a tier that does not exist', (d) => Object.assign(d, { tier: 'D' }), '/tier must be A or B or C'],
    ['an unknown member', (d) => Object.assign(d, { colour: 'red' }), '/colour is unknown'],
    ['a missing switch', (d) => Reflect.deleteProperty(d, 'kill_switch'), '/kill_switch is missing'],
    ['an id of its own', (d) => (d.id = 'x.y'), '/id must be provider.operation'],
    ['a field outside target and body', (d) => (d.fields[0]!.path = '/mode'), '/fields/0/path lies under'],
    ['a path that is no pointer', (d) => (d.fields[0]!.path = 'target'), '/fields/0/path is a JSON pointer'],
    ['a half wildcard', (d) => (d.fields[1]!.path = '/request/body/t*'), '/fields/1/path is a JSON pointer'],
    ['a path explained twice', (d) => (d.fields[2]!.path = d.fields[1]!.path), '/fields/2/path is explained twice'],
    ['money without currency', (d) => Reflect.deleteProperty(d.fields[3]!, 'currency_at'), '/fields/3/currency_at belongs to'],
    ['a currency that is no currency field', (d) => (d.fields[3]!.currency_at = '/request/body/title'), '/fields/3/currency_at must be'],
    ['a wire number that is no decimal', (d) => (d.fields[1]!.wire = 'number'), '/fields/1/wire belongs to'],
    ['no target', (d) => Reflect.deleteProperty(d.fields[0]!, 'role'), '/fields must name a target'],
    ['a slot nobody fills', (d) => (d.sentence += ' for {buyer}'), '/sentence {buyer} is filled by no field'],
    ['a slot that is not in the sentence', (d) => (d.fields[2]!.slot = 'text'), '/fields/2/slot does not appear'],
    ['a slot filled twice', (d) => (d.fields[2]!.slot = 'title'), '/fields/2/slot is filled twice'],
    ['a slot filled by a list', (d) => (d.fields[7]!.slot = 'title'), '/fields/7/slot cannot be filled by a list'],
    ['a stray brace', (d) => (d.sentence += ' {'), '/sentence has a brace'],
    ['levels that do not rise', (d) => (d.risk_levels.high = 90), '/risk_levels must rise'],
    ['more than a day to execute', (d) => (d.approval.execute_within_seconds = 86_401), '/approval/execute_within_seconds must be at most 86400'],
    ['nobody who decides', (d) => (d.approval.all_of = []), '/approval/all_of names at least one group'],
    ['a comparison with nothing', (d) => (d.verify!.fields[0]!.sent = '/request/body/colour'), '/verify/fields/0/sent must be'],
    ['a request path with a query', (d) => (d.request.path = '/a?b'), '/request/path is a plain path'],
    ['half a segment to fill', (d) => (d.request.path = '/a-{shop}'), '/request/path is a plain path'],
    ['a path filled by nothing', (d) => (d.request.path = '/{shop_id}'), '/request/path {shop_id} must be a field of the target'],
    ['a path filled by what nobody sees as target', (d) => addField(d, '/target/x', '/{x}'), '/request/path {x} must be a field of the target'],
    ['a path to read that is filled by nothing', (d) => (d.verify!.path = '/{listing_id}'), '/verify/path {listing_id} must be external_object_id'],
    ['tier C that only reads', (d) => (d.request.method = 'GET'), '/request/method must not be GET in tier C'],
    ['fields in the body of a GET', (d) => (d.request.method = 'GET'), '/fields/1/path cannot lie in a body'],
    ['a switch that does not exist', (d) => (d.kill_switch = 'DEMO_SHOP_PUBLISHED'), '/kill_switch must be a switch that exists'],
    ['an undo that nobody described', (d) => Object.assign(d.undo, { operation: 'demo_shop.refund' }), '/undo/operation must be described too'],
    ['an undo of nothing in tier C', (d) => (d.undo = { kind: 'nothing', text: 'x' }), '/undo/kind can be nothing only in tier A'],
    ['a grant for tier C', (d) => (d.grant = grant), '/grant must be null: tier C is decided by people'],
    ['an encoding of its own', (d) => Object.assign(d.request, { encoding: 'xml' }), '/request/encoding must be json or form'],
    ['a fee of nothing', (d) => (d.fee = { amount_minor: 0, currency: 'USD' }), '/fee/amount_minor must be at least 1'],
    ['a descriptor that is silent about what is hidden', (d) => Reflect.deleteProperty(d, 'hidden'), '/hidden is missing'],
    ['something hidden without a reason', (d) => (d.hidden = [{ label: 'Token', why: '' }]), '/hidden/0/why must not be empty'],
    ['a deep field in a form', (d) => (d.request.encoding = 'form'), '/fields/3/path is too deep for a form'],
  ])('refuses %s, and says where', (_what, change, problem) => {
    const problems = problemsAfter(change)
    expect(
      problems.some((text) => text.includes(problem)),
      problems.join('\n'),
    ).toBe(true)
  })

  it.each<[string, Change, string]>([
    ['a tier B that only reads', (d) => (d.request.method = 'GET'), '/request/method must not be GET in tier B'],
    ['a tier B without bounds', (d) => (d.grant = null), '/grant is required: nobody decides about tier B'],
    ['a grant without a bound of size', (d) => Reflect.deleteProperty(d.grant!, 'max_bytes'), '/grant/max_bytes is missing'],
    ['a grant for more than a day', (d) => (d.grant!.execute_within_seconds = 86_401), '/grant/execute_within_seconds must be at most 86400'],
    ['a grant of no action at all', (d) => (d.grant!.actions_per_day = 0), '/grant/actions_per_day must be at least 1'],
    ['money without a bound a day', (d) => (d.grant!.max_cost_minor = { EUR: 1 }), '/grant/cost_minor_per_day/EUR must allow at least'],
    [
      'less a day than for one action',
      (d) => Object.assign(d.grant!, { max_cost_minor: { EUR: 2 }, cost_minor_per_day: { EUR: 1 } }),
      '/grant/cost_minor_per_day/EUR must allow',
    ],
    ['a currency in small letters', (d) => (d.grant!.cost_minor_per_day = { eur: 1 }), '/grant/cost_minor_per_day/eur'],
    ['a fee beyond the grant', (d) => (d.fee = { amount_minor: 1, currency: 'EUR' }), '/grant/max_cost_minor must cover the fee'],
    [
      'tier A that writes',
      (d) => Object.assign(d, { tier: 'A', undo: { kind: 'nothing', text: 'x' } }),
      '/request/method must be GET: tier A only reads',
    ],
    ['tier A that can be undone', (d) => (d.tier = 'A'), '/undo/kind must be nothing: tier A only reads'],
    ['a wire number in a form', (d) => makeForm(d), '/fields/2/wire has no meaning in a form'],
  ])('refuses %s, and says where', (_what, change, problem) => {
    const problems = problemsAfter(change, 'demo_shop.set_quantity')
    expect(
      problems.some((text) => text.includes(problem)),
      problems.join('\n'),
    ).toBe(true)
  })

  it('refuses a file whose name is not the id', () => {
    expect(problemsAfter(() => {}, 'demo_shop.create_listing', 'listing.json')).toEqual([
      '/id must be the name of the file: demo_shop.create_listing.json',
    ])
  })

  it('reports every problem of every file at once, with the file', () => {
    const read = readCatalog([{ file: 'broken.json', value: null }, ...catalogFiles, ...catalogFiles, { file: 'empty.json', value: {} }], switches)
    if (read.ok) throw new Error('the catalog was accepted')
    expect(read.problems[0]?.file).toBe('broken.json')
    expect(read.problems).toContainEqual({
      file: 'demo_shop.create_listing.json',
      path: '/id',
      reason: 'is described by demo_shop.create_listing.json already',
    })
    expect(read.problems.filter(({ file }) => file === 'empty.json').length).toBeGreaterThan(10)
  })
})
