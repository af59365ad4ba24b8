import { expect, test } from 'vitest'
import { createSetUpToken, hashSetUpToken } from './set-up-token.ts'

test('each token is another one, of 256 bits, with a prefix and a checksum by which scanners know it', () => {
  const tokens = Array.from({ length: 50 }, createSetUpToken)
  for (const token of tokens) expect(token).toMatch(/^aps_[0-9a-f]{64}_[0-9a-f]{8}$/)
  expect(new Set(tokens.map((token) => token.slice(4, 68))).size).toBe(50)
})

test('any text has a hash of its own, so that a wrong one costs what a right one costs', () => {
  const token = createSetUpToken()
  expect(hashSetUpToken(token)).toHaveLength(32)
  expect(hashSetUpToken(token).equals(hashSetUpToken(`${token} `))).toBe(false)
})
