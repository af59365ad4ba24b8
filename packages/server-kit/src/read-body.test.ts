import { expect, test } from 'vitest'
import { readBody } from './read-body.ts'

const quick = { totalMs: 200, idleMs: 60 }

/** A body of one byte each time, `pauseMs` apart; null: one byte and then nothing more, ever. */
function drip(pauseMs: number | null): { request: Request; cancelled: () => boolean } {
  let cancelled = false
  let timer: NodeJS.Timeout | undefined
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(new Uint8Array(1))
      if (pauseMs !== null) timer = setInterval(() => controller.enqueue(new Uint8Array(1)), pauseMs)
    },
    cancel: () => {
      cancelled = true
      clearInterval(timer)
    },
  })
  return { request: new Request('http://localhost/', { method: 'POST', body, duplex: 'half' } as RequestInit), cancelled: () => cancelled }
}

test.each([
  ['that stalls', null, 1_000],
  ['that drips for ever', 10, 1_000_000],
])('a body %s is refused and let go of', async (_, pauseMs, limit) => {
  const { request, cancelled } = drip(pauseMs)
  await expect(readBody(request, limit, quick)).rejects.toMatchObject({ code: 'invalid_request', detail: 'The body took too long to arrive.' })
  expect(cancelled()).toBe(true)
})

test('a body over its limit is let go of at once, and one at its limit is whole', async () => {
  const { request, cancelled } = drip(5)
  await expect(readBody(request, 3, quick)).rejects.toMatchObject({ code: 'body_too_large' })
  expect(cancelled()).toBe(true)
  const whole = await readBody(new Request('http://localhost/', { method: 'POST', body: 'abc' }), 3, quick)
  expect(new TextDecoder().decode(whole)).toBe('abc')
})
