import { serve } from '@autopack/server-kit/serve'
import type { Serving } from '@autopack/server-kit/serve'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openTestDeps, testInstanceKey } from '../../test/open-test-deps.ts'
import type { TestDeps } from '../../test/open-test-deps.ts'
import { signAssertion, toAssertionClaims } from '../../test/sign-assertion.ts'
import { buildStartBody } from '../../test/start-body.ts'

// The HTTP adapter has its own Request and Response: what works through `app.request` alone may fail on the wire.
let deps: TestDeps
let serving: Serving
let base: string

beforeAll(async () => {
  deps = await openTestDeps()
  serving = await serve({ fetch: deps.app.fetch, host: '127.0.0.1', port: 0, log: deps.log })
  base = `http://127.0.0.1:${serving.port}`
})
afterAll(async () => {
  await serving.stop()
  await deps.close()
})

const executor = (method: string, target: string, contentType: string, body: string | Uint8Array<ArrayBuffer>) =>
  fetch(base + target, { method, headers: { 'x-api-key': deps.executor.key, 'content-type': contentType }, body })

async function operator(target: string, headers: Record<string, string> = {}): Promise<Response> {
  const claims = toAssertionClaims({ sub: deps.operatorIds.viewer, method: 'GET', target, body: new Uint8Array() })
  return fetch(base + target, { headers: { ...headers, 'x-api-key': testInstanceKey, 'x-operator-assertion': await signAssertion(claims) } })
}

test('a file of several MiB goes up, is previewed in part and comes down whole, over a real connection', async () => {
  const text = 'a line with an ümlaut and 16 bytes\n'.repeat(100_000)
  expect((await executor('POST', '/runs/start', 'application/json', JSON.stringify(buildStartBody('wire-run')))).status).toBe(201)
  const put = await executor('PUT', '/runs/wire-run/artifacts/file?path=long.log', 'application/octet-stream', new TextEncoder().encode(text))
  expect(put.status).toBe(201)

  const preview = await operator('/operator/runs/wire-run/artifacts/file?path=long.log&tail=1&max_bytes=36')
  expect(preview.status).toBe(200)
  expect(await preview.json()).toMatchObject({ text: text.slice(-35), first_line: 100_000, truncated: true })

  const raw = await operator('/operator/runs/wire-run/artifacts/raw?path=long.log')
  expect(raw.headers.get('content-length')).toBe(String(new TextEncoder().encode(text).length))
  expect(raw.headers.get('content-security-policy')).toBe("sandbox; default-src 'none'")
  expect(raw.headers.get('x-content-type-options')).toBe('nosniff')
  expect(await raw.text()).toBe(text)
  const again = await operator('/operator/runs/wire-run/artifacts/raw?path=long.log', { 'if-none-match': raw.headers.get('etag') ?? '' })
  expect(again.status).toBe(304)
})
