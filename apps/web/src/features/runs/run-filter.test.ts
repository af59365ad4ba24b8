import { expect, test } from 'vitest'
import { readRunFilter, withParameters } from './run-filter.ts'

test('What the contract would refuse is dropped, so that an old or mistyped link still opens', () => {
  const filter = readRunFilter(new URLSearchParams('state=nonsense&sort=size&since=yesterday&executor=A%20B&cursor=%2F&q=ok'))
  expect(filter).toEqual({ q: 'ok', limit: 50 })
})

test('A good address is read as it stands', () => {
  const filter = readRunFilter(new URLSearchParams('state=silent&sort=name&since=2026-11-22T00:00:00.000Z&executor=demo-agent&cursor=abc&owner=op_1'))
  expect(filter).toEqual({
    state: 'silent',
    sort: 'name',
    since: '2026-11-22T00:00:00.000Z',
    executor: 'demo-agent',
    cursor: 'abc',
    owner: 'op_1',
    limit: 50,
  })
})

test('Another filter goes back to the first page; paging keeps the filter', () => {
  const search = new URLSearchParams('q=a&cursor=abc')
  expect(withParameters(search, { state: 'failed' })).toBe('?q=a&state=failed')
  expect(withParameters(search, { cursor: 'def' })).toBe('?q=a&cursor=def')
  expect(withParameters(search, { q: '' })).toBe('')
})
