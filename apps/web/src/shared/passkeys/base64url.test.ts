import { expect, it } from 'vitest'
import { fromBase64url, toBase64url } from './base64url.ts'

it('writes bytes without padding and in the alphabet of addresses, and reads them back', () => {
  for (const [bytes, text] of [
    [[], ''],
    [[0], 'AA'],
    [[251, 255], '-_8'],
    [[1, 2, 3, 250, 251, 252, 253], 'AQID-vv8_Q'],
  ] as const) {
    expect(toBase64url(Uint8Array.from(bytes).buffer)).toBe(text)
    expect([...fromBase64url(text)]).toEqual(bytes)
  }
})
