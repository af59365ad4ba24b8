import { ApiProblem, OutsideContract, Unreachable } from '@autopack/api-client/errors'
import { expect, test } from 'vitest'
import { mayRetryRead, toRetryDelayMs } from './query-client.ts'

function buildProblem(status: number): ApiProblem {
  return new ApiProblem({ type: 'urn:autopack:problem:x', title: 't', status, code: 'internal_error', detail: 'd', request_id: 'r' }, null)
}

test('A read is tried again when nobody answered or a gateway failed, longer than the console leaves a silent control plane alone, and never after a refusal', () => {
  expect(mayRetryRead(0, new Unreachable('listRuns', null))).toBe(true)
  expect(mayRetryRead(0, buildProblem(503))).toBe(true)
  expect(mayRetryRead(2, buildProblem(503))).toBe(true)
  expect(mayRetryRead(3, buildProblem(503))).toBe(false)
  expect(toRetryDelayMs(0) + toRetryDelayMs(1) + toRetryDelayMs(2)).toBeGreaterThan(5_000)
  expect(mayRetryRead(0, buildProblem(504))).toBe(true)
  expect(mayRetryRead(1, buildProblem(504))).toBe(false)
  for (const status of [400, 401, 403, 404, 409, 429, 500]) expect(mayRetryRead(0, buildProblem(status))).toBe(false)
  expect(mayRetryRead(0, new OutsideContract('listRuns', 200, 'x'))).toBe(false)
})
