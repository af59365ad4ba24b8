import { expect, test } from 'vitest'
import { interpolate, readCompose } from './read-compose.ts'

test.each([
  ['$A', 'a'],
  ['${A}', 'a'],
  ['x${A}y$$z', 'xay$z'],
  ['${NONE}', ''],
  ['${NONE:-word}', 'word'],
  ['${EMPTY:-word}', 'word'],
  ['${EMPTY-word}', ''],
  ['${A:-word}', 'a'],
  ['${A:?say it}', 'a'],
  ['${EMPTY?say it}', ''],
  ['${A:+word}', 'word'],
  ['${NONE:+word}', ''],
])('%s becomes «%s», as compose has it', (text, expected) => {
  expect(interpolate(text, { A: 'a', EMPTY: '' })).toBe(expected)
})

test.each(['${NONE:?say it}', '${EMPTY:?say it}', '${NONE?say it}', '${A:-${B}}', 'a $ b', '${1A}'])('%s is refused', (text) => {
  expect(() => interpolate(text, { A: 'a', EMPTY: '' })).toThrow()
})

test('a merged block is overwritten by what the service says itself', () => {
  const { services } = readCompose('x-a: &a\n  user: "1:1"\n  image: ${A}\nservices:\n  s:\n    <<: *a\n    user: "2:2"\n', { A: 'name:1' })
  expect(services).toEqual({ s: { user: '2:2', image: 'name:1' } })
})

test('a key that stands twice is refused, as compose refuses it', () => {
  expect(() => readCompose('services:\n  s:\n    user: "1"\n    user: "2"\n', {})).toThrow(/unique/)
})
