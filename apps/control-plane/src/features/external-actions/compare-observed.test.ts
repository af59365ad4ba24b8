import type { Descriptor, DescriptorField } from '@autopack/approval-proof/descriptor'
import type { Payload } from '@autopack/approval-proof/payload'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import type { ObservationResult } from '@autopack/contract/external-actions'
import { describe, expect, it } from 'vitest'
import { compareObserved } from './compare-observed.ts'

const field = (path: string, label: string, more: Partial<DescriptorField>): DescriptorField => ({
  path,
  label,
  group: 'Listing',
  format: 'text',
  must_see: false,
  risk_weight: 0,
  ...more,
})
const descriptor: Descriptor = {
  ...findDescriptor('demo_shop', 'create_listing')!,
  fields: [
    field('/request/body/title', 'Title', {}),
    field('/request/body/price', 'Price', { format: 'money', currency_at: '/request/body/currency' }),
    field('/request/body/currency', 'Currency', { format: 'currency' }),
    field('/request/body/weight', 'Weight', { format: 'decimal', wire: 'number' }),
    field('/request/body/rate', 'Rate', { format: 'decimal' }),
    field('/request/body/tags/*', 'Tags', {}),
    field('/request/body/note', 'Note', {}),
  ],
  verify: {
    path: '/api/listings/{listing_id}',
    fields: ['title', 'price', 'currency', 'weight', 'rate', 'tags', 'note'].map((name) => ({
      sent: `/request/body/${name}`,
      observed: `/item/${name}`,
    })),
  },
}
const sent = { title: 'Shell', price: 1900, currency: 'EUR', weight: '0.30', rate: '12345678901234567.10', tags: ['sea', 'old'] }
const payload: Payload = {
  v: 1,
  provider: 'demo_shop',
  operation: 'create_listing',
  target: { shop: 'demo-shop' },
  mode: 'live',
  cost: null,
  request: { method: 'POST', path: '/', body: sent },
  files: [],
}
/** As the provider shows it; the numbers are written as given. */
const item = (change: Record<string, string | null> = {}): string => {
  const shown: Record<string, string | null> = {
    title: '"Shell"',
    price: '1900',
    currency: '"EUR"',
    weight: '0.3',
    rate: '"12345678901234567.10"',
    tags: '["sea","old"]',
    ...change,
  }
  const members = Object.entries(shown).flatMap(([name, text]) => (text === null ? [] : [`"${name}":${text}`]))
  return `{"item":{${members.join(',')}},"more":[1]}`
}

const rows: [words: string, observed: string | null, result: ObservationResult, different: string[]][] = [
  ['the same', item(), 'verified', []],
  ['numbers written another way', item({ price: '19e2', weight: '3.0E-1' }), 'verified', []],
  ['a number where a decimal text was sent', item({ rate: '12345678901234567.1' }), 'verified', []],
  ['a text where a number was sent', item({ price: '"1900"', weight: '"0.3"' }), 'verified', []],
  ['a last digit that a double would round away', item({ rate: '12345678901234567.2' }), 'drifted', ['Rate']],
  ['a price that is a cent more', item({ price: '1901' }), 'drifted', ['Price']],
  ['a price with a fraction of a cent', item({ price: '1900.0000000000000001' }), 'drifted', ['Price']],
  ['a negative price', item({ price: '-1900' }), 'drifted', ['Price']],
  ['another currency', item({ currency: '"USD"' }), 'drifted', ['Currency']],
  ['a text in another case', item({ title: '"shell"' }), 'drifted', ['Title']],
  ['a text that only looks the same', item({ title: '"Shell\\u200b"' }), 'drifted', ['Title']],
  ['a number where a text was sent', item({ title: '5' }), 'drifted', ['Title']],
  ['a decimal text written another way', item({ rate: '"12345678901234567.1"' }), 'drifted', ['Rate']],
  ['a list in another order', item({ tags: '["old","sea"]' }), 'drifted', ['Tags']],
  ['a list with one item more', item({ tags: '["sea","old","new"]' }), 'drifted', ['Tags']],
  ['an object where a text was sent', item({ title: '{"0":"S"}' }), 'drifted', ['Title']],
  ['null where a value was sent', item({ title: 'null' }), 'drifted', ['Title']],
  ['something nobody sent', item({ note: '"sponsored"' }), 'drifted', ['Note']],
  ['an empty place for what nobody sent', item({ note: 'null' }), 'verified', []],
  ['a value that is missing', item({ title: null }), 'cannot_verify', []],
  ['one missing and one different', item({ title: null, price: '1' }), 'drifted', ['Price']],
  ['another object altogether', '{"error":"gone"}', 'cannot_verify', []],
  ['nothing', null, 'cannot_verify', []],
  ['an empty text', '', 'cannot_verify', []],
  ['a page instead of JSON', '<html>', 'cannot_verify', []],
  ['half of an object', item().slice(0, -3), 'cannot_verify', []],
  ['a number of more digits than are compared', item({ price: `1900.${'0'.repeat(400)}` }), 'cannot_verify', []],
  ['a decimal text of more digits than are compared', item({ rate: `"${'1'.repeat(401)}"` }), 'cannot_verify', []],
  ['a number too long beside a price that differs', item({ weight: '3'.repeat(401), price: '1' }), 'drifted', ['Price']],
  ['something too deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'cannot_verify', []],
]

describe('compareObserved', () => {
  it.each(rows)('judges %s', (_, observed, result, different) => {
    const comparison = compareObserved(payload, descriptor, observed)
    const labels = comparison.fields.filter(({ same }) => same === false).map(({ label }) => label)
    expect({ result: comparison.result, different: labels }).toEqual({ result, different })
    expect(comparison.why === null).toBe(result !== 'cannot_verify')
  })

  it('cannot verify what nobody has described, or what cannot be read back', () => {
    expect(compareObserved(payload, null, item())).toMatchObject({ result: 'cannot_verify', why: expect.stringContaining('Nobody has described') })
    expect(compareObserved(payload, { ...descriptor, verify: null }, item()).result).toBe('cannot_verify')
  })

  it('shows both sides as a person reads them: money with its currency, hidden characters written out', () => {
    const { fields } = compareObserved(payload, descriptor, item({ price: '1901', currency: '"USD"', title: '"Sh\\u202eell\\u0000\\ud800"' }))
    expect(fields.find(({ label }) => label === 'Price')).toEqual({
      label: 'Price',
      sent: '/request/body/price',
      observed: '/item/price',
      sent_text: '€19.00',
      observed_text: '$19.01',
      same: false,
    })
    expect(fields.find(({ label }) => label === 'Title')).toMatchObject({ sent_text: 'Shell', observed_text: 'Sh⟨U+202E⟩ell⟨U+0000⟩\ufffd' })
    expect(fields.find(({ label }) => label === 'Rate')).toMatchObject({ same: true, observed_text: '12345678901234567.10' })
    expect(fields.find(({ label }) => label === 'Note')).toMatchObject({ sent_text: null, observed_text: null, same: true })
  })

  it('shows of long texts the part where they differ', () => {
    const long = 'x'.repeat(5_000)
    const changed = { ...payload, request: { ...payload.request, body: { ...sent, title: `${long} before` } } }
    const title = compareObserved(changed, descriptor, item({ title: `"${long} after"` })).fields[0]!
    expect(title).toMatchObject({
      same: false,
      sent_text: expect.stringMatching(/^…x+ before$/),
      observed_text: expect.stringMatching(/^…x+ after$/),
    })
    expect(title.observed_text!.length).toBeLessThan(1_100)
  })

  it('takes no time over a number of any length, and says why it was not compared', () => {
    const started = performance.now()
    const { why } = compareObserved(payload, descriptor, item({ weight: `${'0.'}${'0'.repeat(200_000)}1` }))
    expect(why).toBe('Numbers of more than 400 characters are not compared: Weight.')
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('reads digits that no double can hold as they were written', () => {
    const digits = '9'.repeat(400)
    const { fields } = compareObserved(payload, descriptor, item({ weight: digits }))
    expect(fields.find(({ label }) => label === 'Weight')).toMatchObject({ same: false, observed_text: digits })
  })
})
