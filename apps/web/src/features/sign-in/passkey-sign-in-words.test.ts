import { ApiProblem } from '@autopack/api-client/errors'
import { expect, it } from 'vitest'
import { describePasskeySignInFailure } from './passkey-sign-in-words.ts'

const problem = (code: 'wrong_credentials' | 'too_many_attempts', retryAfterSeconds: number | null = null) =>
  new ApiProblem({ type: `urn:autopack:problem:${code}`, title: '', status: 401, code, detail: '', request_id: 'r' }, retryAfterSeconds)

it('says that the password is still there when the prompt was closed', () => {
  const { words, aboutCredentials } = describePasskeySignInFailure(new DOMException('', 'NotAllowedError'))
  expect(words).toContain('Name and password work')
  expect(aboutCredentials).toBe(false)
})

it('does not say whose a refused passkey is, and blames no field for it', () => {
  const refusal = describePasskeySignInFailure(problem('wrong_credentials'))
  expect(refusal).toMatchObject({ aboutCredentials: false })
  expect(refusal.words).toMatch(/not known here.*taken out of use/)
})

it('says how long to wait after too many attempts', () => {
  expect(describePasskeySignInFailure(problem('too_many_attempts', 60))).toMatchObject({ waitSeconds: 60 })
})
