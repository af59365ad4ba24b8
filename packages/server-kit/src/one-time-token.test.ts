import { expect, test } from 'vitest'
import { createOneTimeToken, hashOneTimeToken } from './one-time-token.ts'

test.each(['aps', 'inv'] as const)(
  'each token is another one, of 256 bits, with the prefix %s and a checksum by which scanners know it',
  (prefix) => {
    const tokens = Array.from({ length: 50 }, () => createOneTimeToken(prefix))
    for (const token of tokens) expect(token).toMatch(new RegExp(`^${prefix}_[0-9a-f]{64}_[0-9a-f]{8}$`))
    expect(new Set(tokens.map((token) => token.slice(4, 68))).size).toBe(50)
  },
)

test('any text has a hash of its own, so that a wrong one costs what a right one costs', () => {
  const token = createOneTimeToken('aps')
  expect(hashOneTimeToken(token)).toHaveLength(32)
  expect(hashOneTimeToken(token).equals(hashOneTimeToken(`${token} `))).toBe(false)
})
