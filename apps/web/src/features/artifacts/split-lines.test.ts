import { expect, test } from 'vitest'
import { splitLines } from './split-lines.ts'

test('All three line ends count, and the last one makes no empty line', () => {
  expect(splitLines('a\nb\r\nc\rd\n')).toEqual(['a', 'b', 'c', 'd'])
  expect(splitLines('a\n\n')).toEqual(['a', ''])
  expect(splitLines('a')).toEqual(['a'])
  expect(splitLines('')).toEqual([])
})
