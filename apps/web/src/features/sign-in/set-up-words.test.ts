import { ApiProblem, Unreachable } from '@autopack/api-client/errors'
import { problems } from '@autopack/contract/problem-titles'
import { type ProblemCode } from '@autopack/contract/problems'
import { expect, test } from 'vitest'
import { describeSetUpFailure } from './set-up-words.ts'

function buildProblem(code: ProblemCode, retryAfterSeconds: number | null = null): ApiProblem {
  return new ApiProblem({ type: `urn:autopack:problem:${code}`, ...problems[code], code, detail: 'Detail.', request_id: 'req_1' }, retryAfterSeconds)
}

test('A link that is over says how to get one that holds', () => {
  expect(describeSetUpFailure(buildProblem('setup_link_refused')).words).toContain('Restart the control plane')
})

test('When somebody is there already, the way on is to sign in', () => {
  expect(describeSetUpFailure(buildProblem('setup_closed')).closed).toBe(true)
  expect(describeSetUpFailure(buildProblem('setup_link_refused')).closed).toBe(false)
})

test('A refusal of the password or of the name leads to that field, in the words of the server', () => {
  expect(describeSetUpFailure(buildProblem('weak_password'))).toMatchObject({ field: 'password', words: 'Detail.' })
  expect(describeSetUpFailure(buildProblem('setup_begun'))).toMatchObject({ field: 'name', words: 'Detail.' })
  expect(describeSetUpFailure(buildProblem('invalid_request'))).toMatchObject({ field: 'name' })
})

test('Waiting and a missing server are said as at any sign-in', () => {
  expect(describeSetUpFailure(buildProblem('too_many_attempts', 90))).toMatchObject({ waitSeconds: 90, field: null })
  expect(describeSetUpFailure(new Unreachable('setUp', null)).words).toContain('The console did not answer')
})
