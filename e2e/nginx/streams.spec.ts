/** Streams through nginx: each part at once, and an end on either side is an end on the other. */
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { expect } from '@playwright/test'
import { startNginx } from '../../scripts/test/start-nginx.ts'
import { root } from '../running-console.ts'
import { open } from './ask.ts'
import { controlPlane, forms, ownHost, sparePorts, test } from './nginx-test.ts'

/** Everything that has arrived so far, growing. */
function collect(response: IncomingMessage): () => string {
  let text = ''
  response.on('data', (part: Buffer) => (text += part.toString()))
  response.on('error', () => undefined)
  return () => text
}

test('a stream is passed on part by part: the next one is sent only after the one before has arrived', async () => {
  const asked: { response: ServerResponse; closed: boolean }[] = []
  const listener = createServer((_request, response) => {
    const each = { response, closed: false }
    asked.push(each)
    response.once('close', () => (each.closed = true))
    // Without X-Accel-Buffering, which would switch buffering off by itself: this is about the configuration.
    response.writeHead(200, { 'content-type': 'application/octet-stream' })
    response.flushHeaders()
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(sparePorts.upstream, '127.0.0.1', resolve)
  })
  const nginx = await startNginx(root, { port: sparePorts.nginx, upstreamPort: sparePorts.upstream, webDirectory: null })
  try {
    for (const target of [
      '/api/events',
      '/api/runs/r1/artifacts/raw?path=a',
      '/api/external-actions/act_1/payload',
      '/api/external-actions/act_1/receipt',
      '/api/audit/export',
      '/api/audit/events',
    ]) {
      const response = await open(`http://localhost:${sparePorts.nginx}`, target)
      const text = collect(response)
      const source = asked.at(-1)!
      let sent = ''
      for (const part of ['a', 'bc', 'def']) {
        source.response.write(part)
        sent += part
        await expect.poll(text, { timeout: 5_000, message: `${target} after ${sent}` }).toBe(sent)
      }
      response.destroy()
      await expect.poll(() => source.closed, { timeout: 5_000, message: `${target}: nobody listens any more` }).toBe(true)
    }
  } finally {
    await nginx.stop()
    listener.close()
  }
})

test('an event is there within seconds, when it would fill no buffer, and leaving frees the place for another stream', async ({ behind }) => {
  const cookie = await behind.cookie('viewer')
  // More than the six streams that one person may have, one after the other.
  for (let n = 0; n < 8; n += 1) {
    await expect(async () => {
      const left = await open(forms.tls, '/api/events', { headers: { ...ownHost, cookie } })
      left.destroy()
      expect(left.statusCode).toBe(200)
    }).toPass({ timeout: 10_000 })
  }
  let stream: IncomingMessage | undefined
  await expect(async () => {
    stream = await open(forms.tls, '/api/events', { headers: { ...ownHost, cookie } })
    expect(stream.statusCode).toBe(200)
  }).toPass({ timeout: 10_000 })
  const text = collect(stream!)
  try {
    await expect.poll(text, { timeout: 5_000 }).toContain('event: hello')
    const run_id = `through-nginx-${Date.now()}`
    const started = await fetch(`${controlPlane}/runs/start`, {
      method: 'POST',
      headers: { 'x-api-key': behind.executorKey, 'content-type': 'application/json' },
      body: JSON.stringify({ run: { run_id, name: 'Through nginx', uses_model: false }, tiers: [], phases: [] }),
    })
    expect(started.status, await started.text()).toBeLessThan(300)
    await expect.poll(text, { timeout: 10_000, intervals: [20] }).toContain(run_id)
  } finally {
    stream!.destroy()
  }
})
