import { getRun, listRuns } from '@autopack/contract/operator-runs'
import { claimExternalAction } from '@autopack/contract/executor-actions'
import { decideExternalAction } from '@autopack/contract/operator-actions'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCall, requestTarget } from './call.ts'
import { ApiProblem, OutsideContract, Unreachable } from './errors.ts'
import { fetchTransport } from './fetch-transport.ts'

const seen: { url: string; headers: NodeJS.Dict<string | string[]>; body: string }[] = []
let answer: { status: number; headers: Record<string, string>; body: string } = { status: 200, headers: {}, body: '' }
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (part: Buffer) => (body += part.toString()))
  request.on('end', () => {
    seen.push({ url: request.url ?? '', headers: request.headers, body })
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })
})
let origin = ''
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())

const call = () => createCall(fetchTransport(origin, () => ({ 'x-api-key': 'the-key' })))
const problem = (code: string) => ({
  status: 409,
  headers: { 'content-type': 'application/problem+json', 'retry-after': '7' },
  body: JSON.stringify({ type: 't', title: 't', status: 409, code, detail: 'words', request_id: 'r' }),
})
const actionId = 'act_00000000-0000-4000-8000-000000000000'
const decision = { kind: 'reject', revision: 1, payload_hash: 'a'.repeat(64), reject_kind: 'never', reason: 'no' } as const

test('a parameter that the contract refuses is never sent, so nothing can climb out of its path segment', async () => {
  for (const run_id of ['..', 'a/b', '%2e%2e', '', '.hidden']) expect(() => requestTarget(getRun, { run_id }, undefined)).toThrow()
  const before = seen.length
  await expect(call()(getRun, { params: { run_id: '..' } })).rejects.toThrow()
  expect(seen.length).toBe(before)
})

test('a colon in a run id stays a colon, and empty filters are left out', () => {
  expect(requestTarget(getRun, { run_id: 'a:b' }, undefined)).toBe('/operator/runs/a:b')
  expect(requestTarget(listRuns, undefined, { q: 'a b&c', state: undefined, limit: 5 })).toBe('/operator/runs?q=a+b%26c&limit=5')
})

test('a refusal is thrown as its problem, with the seconds to wait', async () => {
  answer = problem('already_decided')
  const error = await call()(decideExternalAction, { params: { action_id: actionId }, body: decision }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ApiProblem)
  expect(error).toMatchObject({ code: 'already_decided', retryAfterSeconds: 7 })
})

test('an answer that the contract does not know is refused, in every shape it may come', async () => {
  for (const odd of [
    { status: 200, headers: { 'content-type': 'application/json' }, body: '{"surprise":1}' },
    { status: 200, headers: { 'content-type': 'application/json' }, body: 'not json' },
    { status: 500, headers: { 'content-type': 'text/html' }, body: '<h1>oops</h1>' },
    problem('a_code_nobody_knows'),
  ]) {
    answer = odd
    await expect(call()(getRun, { params: { run_id: 'a' } })).rejects.toBeInstanceOf(OutsideContract)
  }
})

test('a redirect is not followed, so the key reaches nobody else', async () => {
  let elsewhere = 0
  const other = createServer((_, response) => {
    elsewhere += 1
    response.end()
  })
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  for (const status of [301, 302, 303, 307, 308]) {
    answer = { status, headers: { location: `http://127.0.0.1:${(other.address() as AddressInfo).port}/` }, body: '' }
    await expect(
      call()(claimExternalAction, { params: { action_id: actionId }, body: { revision: 1, payload_hash: 'a'.repeat(64) }, idempotencyKey: 'k' }),
    ).rejects.toBeInstanceOf(Unreachable)
  }
  other.close()
  expect(elsewhere).toBe(0)
})

test('nobody listening is told apart from being refused', async () => {
  const nobody = createCall(fetchTransport('http://127.0.0.1:1', () => ({})))
  await expect(nobody(getRun, { params: { run_id: 'a' } })).rejects.toBeInstanceOf(Unreachable)
})

test('the body is JSON, and the idempotency key travels as a header', async () => {
  answer = problem('expired')
  await call()(claimExternalAction, {
    params: { action_id: actionId },
    body: { revision: 2, payload_hash: 'b'.repeat(64) },
    idempotencyKey: 'once',
  }).catch(() => undefined)
  const last = seen.at(-1)!
  expect(last.headers).toMatchObject({ 'content-type': 'application/json', 'idempotency-key': 'once', 'x-api-key': 'the-key' })
  expect(JSON.parse(last.body)).toEqual({ revision: 2, payload_hash: 'b'.repeat(64) })
})
