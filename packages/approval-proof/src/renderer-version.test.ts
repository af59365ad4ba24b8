import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { JsonValue } from './canonical-profile.ts'
import type { Descriptor } from './descriptor.ts'
import type { Payload } from './payload.ts'
import { renderAction } from './render-action.ts'
import { rendererVersion } from './renderer-version.ts'
import { buildPayload, descriptor, desk } from './sale-of-a-desk.ts'

/** One entry a version: what the drawings of all vectors below hash to. */
const known = JSON.parse(readFileSync(new URL('../vectors/rendering.json', import.meta.url), 'utf8')) as Record<string, string>

const formats = ['text', 'long_text', 'markdown', 'html', 'code', 'account', 'url', 'date', 'image', 'sha256', 'bytes', 'decimal', 'boolean'] as const
const everyFormat: Descriptor = {
  ...descriptor,
  fields: [
    ...descriptor.fields,
    ...formats.map((format) => ({
      path: `/request/body/as_${format}`,
      label: format,
      group: 'Every format',
      format,
      must_see: false,
      risk_weight: 0,
    })),
  ],
}
const values: { [name: string]: JsonValue } = {
  text: 'one\nline\ttext \u202egnihton',
  long_text: 'two\nlines\tof text',
  markdown: '# Title\n[a](https://x.example)',
  html: '<b>\u200b</b>',
  code: 'x = 1\n',
  account: 'p\u0430ypal',
  url: 'https://x.example/\u2066',
  date: '2026-11-22T10:00Z',
  image: 'ab'.repeat(32),
  sha256: 'cd'.repeat(32),
  bytes: 12_345,
  decimal: '12.50',
  boolean: false,
}
const body = { ...desk, ...Object.fromEntries(formats.map((format) => [`as_${format}`, values[format]!])) }

const drawn: Array<[Payload, Descriptor | null]> = [
  [buildPayload(desk), descriptor],
  [buildPayload(desk), null],
  [buildPayload(desk, { mode: 'dry_run', cost: { amount_minor: 20, currency: 'USD' } }), descriptor],
  [buildPayload(desk, { cost: { amount_minor: 3_800, currency: 'XYZ' } }), null],
  [buildPayload(body), everyFormat],
  [buildPayload(body), descriptor],
  [buildPayload(body, { files: [{ name: 'a\u202egnp.exe', sha256: 'ef'.repeat(32), size_bytes: 7 }] }), everyFormat],
  [buildPayload({ ...desk, title: '«»\n⟨U+0041⟩' }), descriptor],
  [buildPayload({ ...desk, title: 'long '.repeat(100) }), descriptor],
  [buildPayload({ ...desk, tags: [], offers: [{ amount_minor: -5, currency: 'JPY' }], weight: '12.5', notes: 'a\nb' }), descriptor],
  [buildPayload({ price: { amount_minor: 1 }, extra: { deep: [1, { x: null }] } }), descriptor],
  [buildPayload(null), descriptor],
  [buildPayload('text', { request: { method: 'DELETE', path: '/other?x=%20', body: 'text' } }), descriptor],
]

it('changes with every change of the drawing', () => {
  const hash = createHash('sha256')
  for (const [payload, about] of drawn) hash.update(`${JSON.stringify(renderAction(payload, about))}\n`)
  const drawing = hash.digest('hex')
  const mend = `The drawing of these payloads is new: raise rendererVersion and add "${drawing}" for it, and change no earlier entry.`
  expect(known[rendererVersion], mend).toBe(drawing)
})

it('is the newest of the versions that are known, and no two of them draw the same', () => {
  const versions = Object.keys(known).map(Number)
  expect(rendererVersion).toBe(String(Math.max(...versions)))
  expect(new Set(Object.values(known)).size).toBe(versions.length)
})
