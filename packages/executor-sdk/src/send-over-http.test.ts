import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Sending } from './perform.ts'
import { sendOverHttp } from './send-over-http.ts'
import { listen } from './test/listening-peer.ts'
import type { Peer } from './test/listening-peer.ts'

let provider: Peer
beforeEach(async () => {
  provider = await listen(() => ({ status: 200, json: { ok: true } }))
})
afterEach(() => provider.close())

function buildSending(method: Sending['method'], path: string, content_type: string | null, text: string): Sending {
  const request_bytes = new TextEncoder().encode(text)
  return { execution_id: 'exe_1', target: { shop: 'corner' }, method, path, request_bytes, content_type, sha256: 'a'.repeat(64), files: [] }
}

test.each<[Sending['method'], string, string]>([
  ['PUT', 'application/json', '{"quantity":7}'],
  ['POST', 'application/x-www-form-urlencoded', 'tags=walnut%2Cdesk&title=A+%26+B'],
  ['POST', 'application/x-www-form-urlencoded', ''],
])('a %s goes out as %s, byte for byte, whatever the credentials say', async (method, contentType, text) => {
  const credentials = { authorization: 'Bearer shop-token', 'content-type': 'text/plain', 'idempotency-key': 'another' }
  expect(await sendOverHttp(provider.origin, buildSending(method, '/a/1', contentType, text), credentials)).toEqual({
    status: 200,
    json: { ok: true },
  })
  const [seen] = provider.seen
  expect([seen!.method, seen!.url, seen!.body.toString()]).toEqual([method, '/a/1', text])
  expect(seen!.headers).toMatchObject({ 'content-type': contentType, 'idempotency-key': 'exe_1', authorization: 'Bearer shop-token' })
})

test.each<Sending['method']>(['GET', 'DELETE'])('a %s without a body says nothing of a type', async (method) => {
  await sendOverHttp(provider.origin, buildSending(method, '/api/listings', null, ''), { authorization: 'Bearer shop-token' })
  const [seen] = provider.seen
  expect([seen!.method, seen!.body.length, seen!.headers['content-type']]).toEqual([method, 0, undefined])
  expect(seen!.headers['idempotency-key']).toBe('exe_1')
})

test.each([408, 409, 425])('a %s does not say that nothing will come of it, so the outcome stays unknown', async (status) => {
  provider.answer = () => ({ status })
  const thrown: unknown = await sendOverHttp(provider.origin, buildSending('POST', '/a', 'application/json', '{}'), {}).catch(
    (error: unknown) => error,
  )
  expect(thrown).toMatchObject({ name: 'Error', message: expect.stringContaining(`the provider answered ${status}`) })
})

test.each([400, 404, 422, 429])('a %s says that nothing was done', async (status) => {
  provider.answer = () => ({ status })
  const sending = sendOverHttp(provider.origin, buildSending('POST', '/a', 'application/json', '{}'), {})
  await expect(sending).rejects.toMatchObject({ name: 'ProviderRefused', code: `http_${status}` })
})
