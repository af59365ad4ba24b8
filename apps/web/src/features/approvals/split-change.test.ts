import { expect, test } from 'vitest'
import { splitChange } from './split-change.ts'

test.each([
  ['Walnut desk tray', 'Walnut desk organiser', { start: 'Walnut desk ', before: 'tray', after: 'organiser', end: '' }],
  ['a big desk', 'a desk', { start: 'a ', before: 'big ', after: '', end: 'desk' }],
  ['€34.00', '€38.00', { start: '', before: '€34.00', after: '€38.00', end: '' }],
  ['a a', 'a a a', { start: 'a a', before: '', after: ' a', end: '' }],
  ['', 'x', { start: '', before: '', after: 'x', end: '' }],
])('%s to %s is cut at words', (before, after, parts) => {
  expect(splitChange(before, after)).toEqual(parts)
})

test('The parts always give both texts again', () => {
  for (const [before, after] of [
    ['one two three', 'one 2 three'],
    ['x\ty', 'x y'],
    ['same', 'same'],
  ] as const) {
    const { start, end, ...between } = splitChange(before, after)
    expect([start + between.before + end, start + between.after + end]).toEqual([before, after])
  }
})
