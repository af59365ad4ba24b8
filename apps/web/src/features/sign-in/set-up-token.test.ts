import { expect, test } from 'vitest'
import { readSetUpToken } from './set-up-token.ts'

const token = `aps_${'0f'.repeat(32)}_89abcdef`

test('the token of a whole link is read from its fragment', () => {
  expect(readSetUpToken(`#token=${token}`)).toBe(token)
})

test('a page without a fragment has no token', () => {
  for (const fragment of ['', '#']) expect(readSetUpToken(fragment)).toBeNull()
})

test.each([`#token=${token.slice(0, -1)}`, `#token=${token}.`, '#token=', '#something', `#token=${token.toUpperCase()}`])(
  'a link that was cut off or changed on its way is incomplete: %s',
  (fragment) => {
    expect(readSetUpToken(fragment)).toBe('incomplete')
  },
)
