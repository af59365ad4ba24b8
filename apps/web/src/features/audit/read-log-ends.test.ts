import { expect, test } from 'vitest'
import { readLogEnds } from './read-log-ends.ts'

test.each([
  ['{"seq":1,"prev":"00"}\n{"seq":2,"prev":"01"}\n', { begins: 1, ends: 2 }],
  ['{"seq":17,"prev":"00"}\n{"seq":90,"prev":"01"}\n\n', { begins: 17, ends: 90 }],
  ['{"seq":1,"prev":"00"}', { begins: 1, ends: 1 }],
  ['hello\n{"prev":1}\n', { begins: 1, ends: 0 }],
  ['', { begins: 1, ends: 0 }],
])('what a log says of its first and last entry: %j', async (text, ends) => {
  expect(await readLogEnds(new Blob([text]))).toEqual(ends)
})
