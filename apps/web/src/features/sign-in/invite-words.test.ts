import { ApiProblem } from '@autopack/api-client/errors'
import { expect, it } from 'vitest'
import { describeInviteFailure } from './invite-words.ts'

const problem = (code: 'invite_refused' | 'invite_used' | 'weak_password' | 'too_many_attempts', detail = '', wait: number | null = null) =>
  new ApiProblem({ type: `urn:autopack:problem:${code}`, title: '', status: 403, code, detail, request_id: 'r' }, wait)

it('says whom to ask when the link does not hold, and offers the sign-in when it was used', () => {
  expect(describeInviteFailure(problem('invite_refused')).words).toContain('whoever invited you')
  expect(describeInviteFailure(problem('invite_used'))).toMatchObject({ used: true })
})

it('leaves the words about a password to the server and points at the field', () => {
  expect(describeInviteFailure(problem('weak_password', 'Use at least 15 characters.'))).toMatchObject({
    words: 'Use at least 15 characters.',
    aboutPassword: true,
  })
})

it('says how long to wait', () => {
  expect(describeInviteFailure(problem('too_many_attempts', '', 30))).toMatchObject({ waitSeconds: 30, used: false })
})
