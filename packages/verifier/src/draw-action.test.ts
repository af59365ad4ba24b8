import { readdirSync, readFileSync } from 'node:fs'
import { deceptivePayloads } from '@autopack/approval-proof/deceptive-payloads'
import type { Descriptor as CatalogDescriptor } from '@autopack/approval-proof/descriptor'
import { encodeRequest as encodeInConsole } from '@autopack/approval-proof/encode-request'
import { buildEtsyListing, honestPayloads } from '@autopack/approval-proof/honest-payloads'
import type { Payload as ConsolePayload } from '@autopack/approval-proof/payload'
import { canonicalize } from '@autopack/approval-proof/canonical-json'
import { payloadVectors } from '@autopack/approval-proof/payload-vectors'
import { renderAction } from '@autopack/approval-proof/render-action'
import { rendererVersion } from '@autopack/approval-proof/renderer-version'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readDescriptor } from './descriptor.ts'
import { drawAction, drawnVersion } from './draw-action.ts'
import { encodeRequest } from './encode-request.ts'
import { readPayloadText } from './judge-payload-text.ts'
import { toSeal } from './seal-words.ts'

const folder = new URL('../../action-catalog/descriptors/', import.meta.url)
const catalog = readdirSync(folder).map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as CatalogDescriptor)

/** A kind of action that uses every format, lists inside lists, amounts with currencies beside them, a form and a fee. */
const formats = [
  ...(['text', 'long_text', 'markdown', 'html', 'code', 'account', 'url', 'date', 'image', 'sha256'] as const),
  ...(['currency', 'integer', 'decimal', 'bytes', 'boolean'] as const),
]
const field = (path: string, format: CatalogDescriptor['fields'][number]['format'], more: Partial<CatalogDescriptor['fields'][number]> = {}) => {
  return { path, label: `Label ${path}`, group: 'Goods', format, must_see: false, risk_weight: 0, ...more }
}
const everything: CatalogDescriptor = {
  ...catalog[0]!,
  id: 'p.o',
  provider: 'p',
  operation: 'o',
  request: { method: 'POST', path: '/a/{shop}/b', encoding: 'json' },
  sentence: '{first} «{title}» at {price}{nothing}',
  fields: [
    field('/target/shop', 'account', { role: 'target' }),
    ...formats.map((format) => field(`/request/body/${format}`, format, format === 'decimal' ? { wire: 'number' } : {})),
    field('/request/body/text', 'text', { slot: 'title', group: 'Last' }),
    field('/request/body/price/amount', 'money', { slot: 'price', currency_at: '/request/body/price/currency' }),
    field('/request/body/price/currency', 'currency', { group: 'What it is' }),
    field('/request/body/rows/*/amount', 'money', { currency_at: '/request/body/rows/*/currency' }),
    field('/request/body/rows/*/currency', 'currency', { slot: 'first' }),
    field('/request/body/rows/*/tags/*', 'text'),
    field('/request/body/a~1b', 'decimal', { wire: 'number' }),
    field('/request/body/numbers/*', 'decimal', { wire: 'number' }),
  ],
}
const asForm: CatalogDescriptor = { ...everything, request: { ...everything.request, encoding: 'form' }, fee: { amount_minor: 20, currency: 'USD' } }

/** Both draw it the same, and send the same, by the descriptor and without one. */
function expectSame(payload: ConsolePayload, descriptor: CatalogDescriptor | null): void {
  const own = readPayloadText(canonicalize(payload))!
  const known = descriptor === null ? null : readDescriptor(canonicalize(descriptor))
  if (typeof known === 'string') throw new Error(known)
  const { coverage, ...console } = renderAction(payload, descriptor)
  const { coverage: counted, ...drawn } = drawAction(own, known)
  expect(drawn).toEqual(console)
  expect(counted).toEqual({ explained: coverage.explained, present: coverage.present, missing: coverage.missing })
  expect(new TextDecoder().decode(encodeRequest(own, known))).toBe(new TextDecoder().decode(encodeInConsole(payload, descriptor)))
}

function findDescriptor({ provider, operation }: Pick<ConsolePayload, 'provider' | 'operation'>): CatalogDescriptor | null {
  return catalog.find((descriptor) => descriptor.provider === provider && descriptor.operation === operation) ?? null
}

describe('what an approver saw, drawn again', () => {
  it('names the version of the rules that the console draws by', () => {
    expect(drawnVersion).toBe(rendererVersion)
  })

  const payloads = payloadVectors.filter(({ verdict }) => verdict === 'payload')
  it.each(payloads.map((vector) => [vector.what, vector] as const))('is what the console draws: %s', (_what, { bytes }) => {
    const payload = JSON.parse(bytes.toString('utf8')) as ConsolePayload
    const { provider, operation } = payload
    expectSame(payload, null)
    expectSame(payload, findDescriptor(payload))
    expectSame(payload, { ...everything, provider, operation })
    expectSame(payload, { ...asForm, provider, operation })
  })

  it('is what the console draws of every payload that wants to be taken for another', () => {
    expect(deceptivePayloads.length).toBeGreaterThan(100)
    for (const { payload } of deceptivePayloads) {
      expectSame(payload, null)
      expectSame(payload, findDescriptor(payload))
    }
  })

  it.each(honestPayloads)('is what the console draws of an ordinary proposal: %s', (_what, payload) => {
    expectSame(payload, null)
    expectSame(payload, findDescriptor(payload))
  })

  it('judges a list that a form says once, however long it is', () => {
    const own = readPayloadText(canonicalize(buildEtsyListing()))!
    const known = readDescriptor(canonicalize(findDescriptor(own)!))
    if (typeof known === 'string') throw new Error(known)
    let reads = 0
    const tags = new Proxy(
      Array.from({ length: 1_000 }, () => 'x'),
      { get: (list, name) => ((reads += 1), Reflect.get(list, name) as unknown) },
    )
    drawAction({ ...own, request: { ...own.request, body: { tags } } }, known)
    expect(reads).toBeLessThan(20_000)
  })

  it('is what the console draws of generated payloads', () => {
    const characters = fc.constantFrom(
      'a',
      'Z',
      '7',
      ' ',
      '\n',
      '\t',
      '«',
      '»',
      '⟨',
      'U',
      '+',
      '\u202e',
      '\u200d',
      '\ufe0f',
      '❤',
      '👩',
      '\u2800',
      '\ue000',
      '~',
      '/',
      '*',
    )
    const text = fc.oneof(
      fc.array(characters, { maxLength: 200 }).map((list) => list.join('')),
      fc.string({ unit: 'binary', maxLength: 20 }),
    )
    const clean = text.map((raw) => raw.replaceAll('\0', ''))
    const number = fc.oneof(fc.integer(), fc.maxSafeInteger())
    const decimal = fc.constantFrom(
      '1',
      '-0',
      '-0.0',
      '-0.50',
      '007',
      '1e3',
      '38.00',
      '',
      '-',
      '.5',
      '9'.repeat(40),
      '9'.repeat(41),
      '1.123456789012345678901',
    )
    const leaf = fc.oneof(
      clean,
      number,
      fc.boolean(),
      fc.constant(null),
      decimal,
      fc.constantFrom('EUR', 'JPY', 'XYZ', 'KWD', 'CLF', 'ab'.repeat(32)),
    )
    const special = fc.constantFrom(
      '2026-11-23',
      '2026-11-23T10:00Z',
      '2026-11-23T10:00:00.1Z',
      'https://a',
      'https:///',
      'http:// a',
      'javascript:1',
    )
    const key = fc
      .oneof(fc.constantFrom('text', 'a/b', '*', '~', '', '0', 'amount', 'currency', 'tags', 'rows', 'price'), clean)
      .filter((one) => one !== '__proto__')
    const { any } = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof({ depthSize: 'small' }, leaf, special, fc.array(tie('any'), { maxLength: 4 }), fc.dictionary(key, tie('any'), { maxKeys: 4 })),
    }))
    const body = fc.oneof(
      fc.record(
        {
          ...Object.fromEntries(formats.map((format) => [format, fc.oneof(leaf, special)])),
          price: fc.record({ amount: fc.oneof(number, leaf), currency: fc.constantFrom('EUR', 'JPY', 'XYZ', 7) }, { requiredKeys: [] }),
          rows: fc.array(
            fc.record(
              { amount: number, currency: fc.constantFrom('EUR', 'USD', 'eur'), tags: fc.array(clean, { maxLength: 2 }) },
              { requiredKeys: [] },
            ),
          ),
          numbers: fc.array(decimal),
          'a/b': decimal,
        },
        { requiredKeys: [] },
      ),
      any,
    )
    const payload = fc.record({
      v: fc.constant(1),
      provider: fc.constant('p'),
      operation: fc.constant('o'),
      target: fc.record(
        { shop: fc.constantFrom('corner', '..', 'a/b', 7, 'x'.repeat(65)), other: fc.constantFrom('1', 2) },
        { requiredKeys: ['shop'] },
      ),
      mode: fc.constantFrom('live', 'dry_run'),
      cost: fc.constantFrom(
        null,
        { amount_minor: 20, currency: 'USD' },
        { amount_minor: 21, currency: 'USD' },
        { amount_minor: 20, currency: 'XXX' },
      ),
      request: fc.record({ method: fc.constantFrom('POST', 'PUT'), path: fc.constantFrom('/a/corner/b', '/a/7/b', '/a/../b', '/x?y=%20'), body }),
      files: fc.array(fc.record({ name: clean.map((raw) => raw || 'x'), sha256: fc.constant('cd'.repeat(32)), size_bytes: fc.nat() }), {
        maxLength: 2,
      }),
    })
    fc.assert(
      fc.property(payload, fc.constantFrom(everything, asForm, null), (raw, descriptor) => {
        const whole = { ...raw, request: { ...raw.request, path: raw.request.path === '/a/../b' ? '/a/x/b' : raw.request.path } } as ConsolePayload
        const plain = toPlain(whole) as ConsolePayload
        fc.pre(readPayloadText(canonicalize(plain)) !== null)
        expectSame(plain, descriptor)
      }),
      { numRuns: 2_000 },
    )
  })

  it('has the words of BIP-39 for a hash', () => {
    for (const [place, word] of wordlist.entries()) {
      const hash = (BigInt(place) << 245n).toString(16).padStart(64, '0')
      expect(toSeal(hash)).toBe([word, 'abandon', 'abandon', 'abandon', 'abandon'].join('-'))
    }
  })
})

/** Without prototypes of the generator, without -0 and with texts that have a UTF-8 form. */
function toPlain(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed()
  if (typeof value === 'number') return value + 0 === 0 ? 0 : value
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key.toWellFormed(), toPlain(item)]))
}
