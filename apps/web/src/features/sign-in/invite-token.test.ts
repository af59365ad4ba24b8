import { expect, it } from 'vitest'
import { readInviteToken } from './invite-token.ts'

it('reads the token behind the hash, whatever it looks like, and nothing else', () => {
  expect(readInviteToken('#token=api_0123')).toBe('api_0123')
  expect(readInviteToken('#token=%E2')).toBe('%E2')
  for (const fragment of ['', '#', '#token=', '#main', `#token=${'a'.repeat(201)}`]) expect(readInviteToken(fragment)).toBeNull()
})
