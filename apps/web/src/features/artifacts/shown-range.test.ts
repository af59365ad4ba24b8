import { expect, test } from 'vitest'
import { describeRange, describeRedactions, joinParts, type Preview } from './shown-range.ts'

const kib = 1024

function buildPart(fromByte: number, toByte: number, text: string, more: Partial<Preview> = {}): Preview {
  return {
    artifact: {
      path: 'a.log',
      size_bytes: 1_000 * kib,
      sha256: 'a'.repeat(64),
      media_type: 'text/plain',
      phase_id: null,
      modified_at: '2026-11-22T14:00:00.000Z',
      artifact_version: 1,
      shown_as: 'text',
      redactions: { count: 0, by_rule: {}, rules_version: '1' },
      encoding: 'utf-8',
      withheld: null,
      may_download: true,
    },
    text,
    from_byte: fromByte,
    to_byte: toByte,
    redacted_size_bytes: 1_000 * kib,
    truncated: true,
    first_line: null,
    encoding: 'utf-8',
    hidden_characters: 1,
    withheld: false,
    ...more,
  }
}

test('What is cut says how much of what, from the start, the end and the middle', () => {
  const totalBytes = 43_201_337
  expect(describeRange({ fromByte: 0, toByte: 256 * kib, totalBytes })).toBe('first 256 KiB of 41.2 MiB')
  expect(describeRange({ fromByte: totalBytes - 256 * kib, toByte: totalBytes, totalBytes })).toBe('last 256 KiB of 41.2 MiB')
  expect(describeRange({ fromByte: 1_024 * kib, toByte: 1_280 * kib, totalBytes })).toBe('256 KiB of 41.2 MiB, from 1 MiB')
})

test('A text that is shown whole, and an empty one, carry no such badge', () => {
  expect(describeRange({ fromByte: 0, toByte: 10, totalBytes: 10 })).toBeNull()
  expect(describeRange({ fromByte: 0, toByte: 0, totalBytes: 0 })).toBeNull()
})

test('Redactions are told by rule, the most frequent first', () => {
  expect(describeRedactions({ count: 4, by_rule: { email: 1, api_key: 3 } })).toBe('redacted 4 · api_key 3, email 1')
  expect(describeRedactions({ count: 9, by_rule: { jwt: 1, secret_key: 4, cookie: 2, email: 2 } })).toBe(
    'redacted 9 · secret_key 4, cookie 2, 2 more rules',
  )
  expect(describeRedactions({ count: 2, by_rule: { api_key: 2 } })).toBe('redacted 2 · api_key')
  expect(describeRedactions({ count: 0, by_rule: {} })).toBeNull()
  expect(describeRedactions(null)).toBeNull()
})

test('Parts join into one text whose first line is known only from the start of the file', () => {
  const start = joinParts([buildPart(0, 4, 'ab\nc'), buildPart(4, 8, 'd\nef')])
  expect(start).toMatchObject({ text: 'ab\ncd\nef', fromByte: 0, toByte: 8, firstLine: 1, hiddenCharacters: 2, withheld: false })
  expect(joinParts([buildPart(100, 104, 'ab')]).firstLine).toBeNull()
  expect(joinParts([buildPart(100, 104, 'ab', { first_line: 12 })]).firstLine).toBe(12)
})

test('One withheld part withholds the whole', () => {
  expect(joinParts([buildPart(0, 4, 'abcd'), buildPart(4, 8, '', { withheld: true })]).withheld).toBe(true)
})
