import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonValue } from './canonical-profile.ts'
import { formatMoney } from './format-money.ts'
import { findAtPointer, listJsonLeaves } from './json-leaves.ts'
import { renderAction } from './render-action.ts'
import { buildPayload, descriptor, desk } from './sale-of-a-desk.ts'
import { toVisibleText } from './visible-text.ts'

describe('renderAction', () => {
  it('says in one sentence what would happen, and marks what comes from the payload', () => {
    const action = renderAction(buildPayload(desk), descriptor)
    expect(action.sentence_text).toBe('sell «Desk» on corner at €38.00')
    expect(action.sentence.filter((part) => part.value).map((part) => part.text)).toEqual(['Desk', 'corner', '€38.00'])
    expect(action).toMatchObject({ title: 'Sell', blind: false, cost_text: 'nothing', undo_text: 'none', seen_by_text: 'everyone' })
    expect(action.coverage).toEqual({ explained: 14, present: 14, unexplained: [], missing: [], hidden_characters: 0 })
  })

  it('shows every leaf exactly once, explained or not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const payload = buildPayload(JSON.parse(JSON.stringify(body, (_, item: unknown) => (typeof item === 'number' ? 1 : item))) as JsonValue)
        const pointers = listJsonLeaves(payload as JsonValue).map((leaf) => leaf.pointer)
        for (const known of [descriptor, null]) {
          const shown = renderAction(payload, known).fields.map((item) => item.pointer)
          expect(shown.toSorted()).toEqual(pointers.toSorted())
        }
      }),
    )
  })

  it('draws the same whatever order the object was built in', () => {
    const { tags, ...rest } = desk
    expect(renderAction(buildPayload({ tags, ...rest }), descriptor)).toEqual(renderAction(buildPayload(desk), descriptor))
  })

  it.each<[string, JsonValue, string]>([
    ['an unknown member', { ...desk, redirect: 'https://x.example' }, '/request/body/redirect'],
    ['a value of another type', { ...desk, title: 7 }, '/request/body/title'],
    ['null where a text belongs', { ...desk, notes: null }, '/request/body/notes'],
    ['money without a currency', { ...desk, price: { amount_minor: 1 } }, '/request/body/price/amount_minor'],
    ['an object where a list belongs', { ...desk, tags: { 0: 'oak' } }, '/request/body/tags/0'],
    ['a key that plays the wildcard', { ...desk, tags: { '*': 'oak' } }, '/request/body/tags/*'],
    ['an empty object', { ...desk, notes: {} }, '/request/body/notes'],
    ['an empty list where nobody expects one', { ...desk, more: [] }, '/request/body/more'],
  ])('is blind, and puts the leaf first, for %s', (_what, body, pointer) => {
    const action = renderAction(buildPayload(body), descriptor)
    expect(action.blind).toBe(true)
    expect(action.coverage.unexplained).toEqual([pointer])
    expect(action.fields[0]).toMatchObject({ pointer, format: 'unexplained', group: 'Unexplained', must_see: true })
    expect(action.sentence_text).toContain(', and 1 value that cannot be explained')
  })

  it('is blind when the request goes elsewhere than the descriptor says', () => {
    const other = buildPayload(desk, { request: { method: 'PUT', path: '/refund', body: desk } })
    expect(renderAction(other, descriptor).coverage.unexplained).toEqual(['/request/method', '/request/path'])
  })

  it('is blind when the sentence has a slot that nothing fills', () => {
    const action = renderAction(buildPayload({ price: desk.price }), descriptor)
    expect(action).toMatchObject({ blind: true, coverage: { missing: ['title'], unexplained: [] } })
    expect(action.sentence_text).toContain('«(not given)»')
  })

  it('asks nobody to look at the name of a file where there are no files', () => {
    const { fields, blind } = renderAction(buildPayload(desk, { files: [] }), descriptor)
    expect(fields.filter((item) => item.pointer.startsWith('/files'))).toMatchObject([{ label: 'Files', value_text: 'none', must_see: false }])
    expect(blind).toBe(false)
  })

  it('explains an empty list by the field of its items', () => {
    expect(renderAction(buildPayload({ ...desk, tags: [], offers: [] }), descriptor).blind).toBe(false)
  })

  it('reads the currency that stands beside each amount of a list', () => {
    const offers = [
      { amount_minor: 100, currency: 'EUR' },
      { amount_minor: 500, currency: 'JPY' },
    ]
    const texts = renderAction(buildPayload({ ...desk, offers }), descriptor).fields.filter((item) => item.label.startsWith('Offer '))
    expect(texts.map((item) => `${item.label}: ${item.value_text}`)).toEqual([
      'Offer 1: €1.00',
      'Offer 2: JPY 500',
      'Offer currency 1: EUR',
      'Offer currency 2: JPY',
    ])
  })

  it('explains nothing without a descriptor, and says so', () => {
    const action = renderAction(buildPayload(desk), null)
    expect(action.coverage.explained).toBe(0)
    expect(action.blind).toBe(true)
    expect(action.sentence_text).toBe('send POST /sell to shop: none of its 14 values can be explained')
    expect(action.cost_text).toBe('not known')
  })

  it('says in the sentence that a dry run sends nothing', () => {
    expect(renderAction(buildPayload(desk, { mode: 'dry_run' }), descriptor).sentence_text).toMatch(/, as a dry run: nothing is sent$/)
  })

  it('does not let a title end its own quotation, break the line or hide what follows', () => {
    const title = 'Desk» on other at €1\n«\u202egnihton\u200b'
    const action = renderAction(buildPayload({ ...desk, title }), descriptor)
    const shown = 'Desk⟨U+00BB⟩ on other at €1⟨U+000A⟩⟨U+00AB⟩⟨U+202E⟩gnihton⟨U+200B⟩'
    expect(action.sentence_text).toBe(`sell «${shown}» on corner at €38.00`)
    expect(action.coverage.hidden_characters).toBe(3)
  })

  it('cuts a long value in the sentence and says how long it is, and keeps it whole in its field', () => {
    const title = '😀'.repeat(500)
    const action = renderAction(buildPayload({ ...desk, title }), descriptor)
    expect(action.sentence_text).toContain(`«${'😀'.repeat(160)}… (500 characters)»`)
    expect(action.fields.find((item) => item.pointer === '/request/body/title')?.value_text).toBe(title)
  })

  it('changes display_sha256 with everything that is shown', () => {
    const first = renderAction(buildPayload(desk), descriptor).display_sha256
    const others = [
      renderAction(buildPayload({ ...desk, tags: ['oak', 'New'] }), descriptor),
      renderAction(buildPayload(desk, { mode: 'dry_run' }), descriptor),
      renderAction(buildPayload(desk), { ...descriptor, title: 'Offer' }),
      renderAction(buildPayload(desk), { ...descriptor, seen_by: 'nobody' }),
      renderAction(buildPayload(desk), { ...descriptor, undo: { kind: 'irreversible', text: 'any time' } }),
      renderAction(buildPayload(desk), null),
    ]
    expect(new Set([first, ...others.map((action) => action.display_sha256)]).size).toBe(7)
  })

  it('renders ten thousand leaves', () => {
    const action = renderAction(buildPayload({ ...desk, tags: Array<string>(9_970).fill('x') }), descriptor)
    expect(action.fields.length).toBeGreaterThan(9_970)
    expect(action.display_sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('refuses a descriptor of another kind of action', () => {
    expect(() => renderAction(buildPayload(desk, { operation: 'give' }), descriptor)).toThrow('shop.sell')
  })
})

it.each([
  [3800, 'EUR', '€38.00'],
  [20, 'USD', '$0.20'],
  [5, 'GBP', '£0.05'],
  [500, 'JPY', 'JPY 500'],
  [0, 'JPY', 'JPY 0'],
  [1234567890, 'CHF', 'CHF 12,345,678.90'],
  [1500, 'KWD', 'KWD 1.500'],
  [-3800, 'EUR', '-€38.00'],
  [3800, 'XYZ', '3800 minor units of XYZ'],
  [Number.MAX_SAFE_INTEGER, 'USD', '$90,071,992,547,409.91'],
])('writes %d minor units of %s as %s', (amount, currency, text) => {
  expect(formatMoney(amount, currency)).toBe(text)
})

describe('toVisibleText', () => {
  it('leaves ordinary text of any script and emoji alone', () => {
    for (const text of ['Ürün كوب 日本語 ไทย', '👩‍👩‍👧 ❤️ 👍🏽', 'a b', '⟨x⟩']) {
      expect(toVisibleText(text, false)).toEqual({ text, hidden_characters: 0 })
    }
  })

  it('writes out what hides, moves or imitates, and counts it', () => {
    const raw = 'a\u0000\u00ad\u200d\u2066\ufe0f\u3164\u{e0041}\ue000⟨U+200B⟩'
    expect(toVisibleText(raw, false)).toEqual({
      text: 'a⟨U+0000⟩⟨U+00AD⟩⟨U+200D⟩⟨U+2066⟩⟨U+FE0F⟩⟨U+3164⟩⟨U+E0041⟩⟨U+E000⟩⟨U+27E8⟩U+200B⟩',
      hidden_characters: 9,
    })
  })

  it('gives two different texts two different forms', () => {
    const pieces = fc
      .array(fc.constantFrom('a', '\u202e', '⟨', 'U', '+', '202E', '⟩', '⟨U+202E⟩', '27E8'), { maxLength: 8 })
      .map((list) => list.join(''))
    fc.assert(
      fc.property(pieces, pieces, (one, other) => {
        fc.pre(one !== other)
        expect(toVisibleText(one, false).text).not.toBe(toVisibleText(other, false).text)
      }),
    )
  })
})

it('finds a leaf at its pointer, and nothing that is only inherited', () => {
  const value: JsonValue = { 'a/b': [{ '~': 'x' }], '': 1 }
  expect(listJsonLeaves(value).map((leaf) => [leaf.pointer, findAtPointer(value, leaf.pointer)])).toEqual([
    ['/', 1],
    ['/a~1b/0/~0', 'x'],
  ])
  for (const pointer of ['/constructor', '/a~1b/length', '/a~1b/1', '/a~1b/00', '/x/y']) expect(findAtPointer(value, pointer)).toBeUndefined()
})
