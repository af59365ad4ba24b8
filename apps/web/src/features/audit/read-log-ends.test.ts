import { expect, test } from 'vitest'
import { readLogEnds } from './read-log-ends.ts'

test.each([
  ['{"seq":1,"prev":"00"}\n{"seq":2,"prev":"01"}\n', { begins: 1, ends: 2 }],
  ['{"seq":17,"prev":"00"}\n{"seq":90,"prev":"01"}\n\n', { begins: 17, ends: 90 }],
  ['{"seq":1,"prev":"00"}', { begins: 1, ends: 1 }],
  ['{"event":{"seq":8},"hash":"aa","prev":"00","seq":3}\n{"event":{},"hash":"bb","prev":"01","seq":4}\n', { begins: 3, ends: 4 }],
  ['{"seq":1,"prev":"00"}\n{"event":{"seq":2}}\n', { begins: 1, ends: Number.POSITIVE_INFINITY }],
  ['{"seq":1,"prev":"00"}\n{"seq":2,"pr', { begins: 1, ends: Number.POSITIVE_INFINITY }],
  ['null\n{"seq":0}\n', { begins: 1, ends: Number.POSITIVE_INFINITY }],
  ['', { begins: 1, ends: Number.POSITIVE_INFINITY }],
])('what a log says of its first and last entry: %j', async (text, ends) => {
  expect(await readLogEnds(new Blob([text]))).toEqual(ends)
})

test('the end of a log whose last line is longer than any of a log is not known', async () => {
  const line = `{"seq":2,"event":"${'x'.repeat(2 * 1024 * 1024)}"}`
  expect(await readLogEnds(new Blob(['{"seq":1}\n', line]))).toEqual({ begins: 1, ends: Number.POSITIVE_INFINITY })
})
