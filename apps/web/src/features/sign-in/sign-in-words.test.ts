import { ApiProblem, Unreachable } from '@autopack/api-client/errors'
import { problems } from '@autopack/contract/problem-titles'
import { type ProblemCode } from '@autopack/contract/problems'
import { expect, test } from 'vitest'
import { describeSignInFailure } from './sign-in-words.ts'

function buildProblem(code: ProblemCode, retryAfterSeconds: number | null = null): ApiProblem {
  return new ApiProblem({ type: `urn:autopack:problem:${code}`, ...problems[code], code, detail: 'Detail.', request_id: 'req_1' }, retryAfterSeconds)
}

test('A wrong name and a wrong password sound the same', () => {
  expect(describeSignInFailure(buildProblem('wrong_credentials'))).toEqual({
    words: 'Name or password is wrong.',
    aboutCredentials: true,
    waitSeconds: 0,
  })
})

test('Too many attempts make the person wait as long as the server says, and at least a second', () => {
  expect(describeSignInFailure(buildProblem('too_many_attempts', 90)).waitSeconds).toBe(90)
  expect(describeSignInFailure(buildProblem('login_busy')).waitSeconds).toBe(1)
})

test('A missing control plane and a missing console are told apart', () => {
  expect(describeSignInFailure(buildProblem('control_plane_unreachable')).words).toContain('control plane behind it does not answer')
  expect(describeSignInFailure(new Unreachable('login', null)).words).toContain('The console did not answer')
})

test('Anything else names its request', () => {
  expect(describeSignInFailure(buildProblem('internal_error')).words).toContain('req_1')
})
