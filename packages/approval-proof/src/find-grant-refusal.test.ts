import { describe, expect, it } from 'vitest'
import type { Grant } from './descriptor.ts'
import { findGrantRefusal } from './find-grant-refusal.ts'
import type { Payload } from './payload.ts'

const grant: Grant = {
  max_bytes: 1_000,
  execute_within_seconds: 300,
  max_cost_minor: { EUR: 500, JPY: 0 },
  actions_per_day: 10,
  cost_minor_per_day: { EUR: 1_000 },
}
const payload: Payload = {
  v: 1,
  provider: 'shop',
  operation: 'restock',
  target: { shop: 'corner' },
  mode: 'live',
  cost: null,
  request: { method: 'PUT', path: '/stock', body: { quantity: 3 } },
  files: [],
}
const cost = (amount_minor: number, currency: string): Partial<Payload> => ({ cost: { amount_minor, currency } })
const file = (name: string, size_bytes: number) => ({ name, size_bytes, sha256: 'a'.repeat(64) })

describe('findGrantRefusal', () => {
  it.each<[string, Partial<Payload>, number, string | null]>([
    ['what is small and free', {}, 300, null],
    ['exactly as many bytes as granted', {}, 1_000, null],
    ['one byte more', {}, 1_001, 'Payload and files have 1001 bytes; the grant allows 1000 for one action.'],
    ['files that fill it exactly', { files: [file('a', 300), file('b', 400)] }, 300, null],
    ['files that go beyond it', { files: [file('a', 300), file('b', 401)] }, 300, 'Payload and files have 1001 bytes'],
    ['exactly as much money as granted', cost(500, 'EUR'), 300, null],
    ['a cent more', cost(501, 'EUR'), 300, 'It costs €5.01; the grant allows €5.00 for one action.'],
    ['money where the grant allows none of it', cost(1, 'JPY'), 300, 'It costs JPY 1; the grant allows JPY 0 for one action.'],
    ['another currency', cost(1, 'USD'), 300, 'It costs $0.01; the grant allows no cost in USD.'],
    ['a cost of nothing in another currency', cost(0, 'USD'), 300, null],
    ['a dry run beyond its bound', { mode: 'dry_run', ...cost(501, 'EUR') }, 300, 'the grant allows €5.00'],
  ])('judges %s', (_what, change, payloadBytes, words) => {
    const refusal = findGrantRefusal({ ...payload, ...change }, payloadBytes, { grant })
    if (words === null) expect(refusal).toBeNull()
    else expect(refusal).toContain(words)
  })

  it('grants nothing where there is no grant', () => {
    expect(findGrantRefusal(payload, 1, { grant: null })).toBe('No grant covers this kind of action: people decide.')
    expect(findGrantRefusal(payload, 1, null)).toBe('No grant covers this kind of action: people decide.')
  })
})
