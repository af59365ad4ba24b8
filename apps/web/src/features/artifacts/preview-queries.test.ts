import { expect, test } from 'vitest'
import { previewQuery, type Part } from './preview-queries.ts'
import type { Preview } from './shown-range.ts'

const kib = 1024
const query = previewQuery('run-1', 'a.log', 'a'.repeat(64), false)

function buildRange(fromByte: number, toByte: number, total: number): Preview {
  return { from_byte: fromByte, to_byte: toByte, redacted_size_bytes: total } as Preview
}

function nextOf(part: Preview): Part | null | undefined {
  return query.getNextPageParam(part, [part], { at: 'tail' }, [{ at: 'tail' }])
}

function previousOf(part: Preview): Part | null | undefined {
  return query.getPreviousPageParam!(part, [part], { at: 'tail' }, [{ at: 'tail' }])
}

test('The next part begins where the last one ended, until the end', () => {
  expect(nextOf(buildRange(0, 256 * kib, 600 * kib))).toEqual({ at: 'byte', fromByte: 256 * kib, maxBytes: 256 * kib })
  expect(nextOf(buildRange(512 * kib, 600 * kib, 600 * kib))).toBeUndefined()
})

test('The part before ends exactly where the first one begins, so that nothing is shown twice', () => {
  expect(previousOf(buildRange(300 * kib, 600 * kib, 600 * kib))).toEqual({ at: 'byte', fromByte: 44 * kib, maxBytes: 256 * kib })
  expect(previousOf(buildRange(44 * kib, 300 * kib, 600 * kib))).toEqual({ at: 'byte', fromByte: 0, maxBytes: 44 * kib })
  expect(previousOf(buildRange(0, 44 * kib, 600 * kib))).toBeUndefined()
})

test('A part that did not advance is not asked for again and again', () => {
  expect(nextOf(buildRange(10, 10, 600))).toBeUndefined()
})
