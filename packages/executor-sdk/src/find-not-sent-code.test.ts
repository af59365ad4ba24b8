import { expect, test } from 'vitest'
import { findNotSentCode } from './find-not-sent-code.ts'
import { listen } from './test/listening-peer.ts'

const failed = (code: string, syscall?: string) => Object.assign(new Error(code), { code, syscall })
const fetchFailed = (cause: unknown) => new TypeError('fetch failed', { cause })

test.each(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'])('%s while connecting means that nothing was sent', (code) => {
  expect(findNotSentCode(fetchFailed(failed(code, 'connect')))).toBe(code)
})

test.each([
  ['EHOSTUNREACH', 'read'],
  ['ENETUNREACH', 'write'],
  ['ETIMEDOUT', 'read'],
  ['ECONNRESET', 'read'],
  ['ETIMEDOUT', undefined],
])('%s from the call %s may come after the request left, so it does not count as not sent', (code, syscall) => {
  expect(findNotSentCode(fetchFailed(failed(code, syscall)))).toBeNull()
})

test('a name that is not found and a connection that takes too long mean that nothing was sent', () => {
  expect(findNotSentCode(fetchFailed(failed('ENOTFOUND', 'getaddrinfo')))).toBe('ENOTFOUND')
  expect(findNotSentCode(fetchFailed(failed('UND_ERR_CONNECT_TIMEOUT')))).toBe('UND_ERR_CONNECT_TIMEOUT')
})

test('of several attempts to connect, all must have failed while connecting', () => {
  const refused = failed('ECONNREFUSED', 'connect')
  expect(findNotSentCode(fetchFailed(new AggregateError([failed('ETIMEDOUT', 'connect'), refused])))).toBe('ETIMEDOUT')
  expect(findNotSentCode(fetchFailed(new AggregateError([refused, failed('ETIMEDOUT', 'read')])))).toBeNull()
})

test('a real port where nobody listens any more is told as not sent', async () => {
  const gone = await listen(() => ({ status: 200 }))
  await gone.close()
  const error: unknown = await fetch(gone.origin).catch((thrown: unknown) => thrown)
  expect(findNotSentCode(error)).toBe('ECONNREFUSED')
})
