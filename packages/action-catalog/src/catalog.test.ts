import { readdirSync } from 'node:fs'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { encodeRequest } from '@autopack/approval-proof/encode-request'
import { readPayload, toPayloadText, type Payload } from '@autopack/approval-proof/payload'
import { computePolicy } from '@autopack/approval-proof/policy'
import { renderAction } from '@autopack/approval-proof/render-action'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type * as z from 'zod/mini'
import { catalog, catalogFiles, descriptorSha256, findDescriptor } from './catalog.ts'
import type { descriptorSchema } from './descriptor-schema.ts'
import { readCatalog } from './read-catalog.ts'

type Change = (descriptor: Descriptor) => void

const createListing = findDescriptor('demo_shop', 'create_listing')!

function problemsAfter(change: Change, file = 'demo_shop.create_listing.json') {
  const value = structuredClone(createListing)
  change(value)
  const read = readCatalog([{ file, value }])
  return read.ok ? [] : read.problems.map(({ path, reason }) => `${path} ${reason}`)
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
    expect(readCatalog(catalogFiles)).toEqual({ ok: true, catalog })
    expect(catalogFiles.map(({ file }) => file)).toEqual(readdirSync(new URL('../descriptors', import.meta.url)).toSorted())
  })

  it('has the type that the renderer reads', () => {
    expectTypeOf<z.infer<typeof descriptorSchema>>().toEqualTypeOf<Descriptor>()
  })

  it('finds no descriptor for what nobody described', () => {
    expect(findDescriptor('demo_shop', 'refund')).toBeUndefined()
    expect(findDescriptor('demo_shop', 'constructor')).toBeUndefined()
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
  ])('refuses %s, and says where', (_what, change, problem) => {
    const problems = problemsAfter(change)
    expect(
      problems.some((text) => text.includes(problem)),
      problems.join('\n'),
    ).toBe(true)
  })

  it('refuses a file whose name is not the id', () => {
    expect(problemsAfter(() => {}, 'listing.json')).toEqual(['/id must be the name of the file: demo_shop.create_listing.json'])
  })

  it('reports every problem of every file at once, with the file', () => {
    const read = readCatalog([{ file: 'broken.json', value: null }, ...catalogFiles, ...catalogFiles, { file: 'empty.json', value: {} }])
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
