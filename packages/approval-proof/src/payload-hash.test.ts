import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { auditHash, firstPrev } from './audit-hash.ts'
import { canonicalize } from './canonical-json.ts'
import { payloadHash, toHashBytes } from './payload-hash.ts'
import { seal } from './seal.ts'

function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}`, import.meta.url), 'utf8')) as T
}

it.each(readVectors<{ vectors: Array<{ text: string; sha256: string; seal: string }> }>('payload-hash.json').vectors)(
  'hashes and seals $text as a second language did',
  ({ text, sha256, seal: words }) => {
    expect(payloadHash(text)).toBe(sha256)
    expect(payloadHash(new TextEncoder().encode(text))).toBe(sha256)
    expect(seal(sha256)).toBe(words)
  },
)

it('hashes any bytes as Node does', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(payloadHash(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
    }),
  )
})

it('refuses to hash a text that has no UTF-8 form', () => {
  expect(() => payloadHash('\ud800')).toThrow(TypeError)
})

it('reads a hash only from 64 lower-case hex digits', () => {
  expect(Buffer.from(toHashBytes('00ff'.repeat(16))).toString('hex')).toBe('00ff'.repeat(16))
  for (const text of ['', 'AB'.repeat(32), 'ab'.repeat(31), `${'ab'.repeat(32)}\n`]) expect(() => toHashBytes(text)).toThrow(TypeError)
})

it('changes the seal with each of the first 55 bits and with none after', () => {
  const zero = '0'.repeat(64)
  expect(seal(zero)).toBe('abandon-abandon-abandon-abandon-abandon')
  expect(seal('f'.repeat(64))).toBe('zoo-zoo-zoo-zoo-zoo')
  for (let bit = 0; bit < 256; bit += 1) {
    const bytes = Buffer.alloc(32)
    bytes[bit >> 3] = 0x80 >> (bit & 7)
    expect(seal(bytes.toString('hex')) === seal(zero), `bit ${bit}`).toBe(bit >= 55)
  }
})

it('chains audit events as a second language did', () => {
  const { entries } = readVectors<{
    entries: Array<{ canonical: string; entry: { seq: number; prev: string; hash: string; event: unknown } }>
  }>('audit-chain.json')
  expect(entries[0]?.entry.prev).toBe(firstPrev)
  for (const { canonical, entry } of entries) {
    expect(canonicalize(entry.event)).toBe(canonical)
    expect(auditHash(entry.seq, entry.prev, entry.event)).toBe(entry.hash)
  }
})

it('refuses a seq below 1 and a prev that is no hash', () => {
  expect(() => auditHash(0, firstPrev, {})).toThrow(RangeError)
  expect(() => auditHash(1.5, firstPrev, {})).toThrow(RangeError)
  expect(() => auditHash(1, 'x', {})).toThrow(TypeError)
})
