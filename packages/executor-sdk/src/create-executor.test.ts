import { createHash } from 'node:crypto'
import { toPayloadText } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createExecutor } from './create-executor.ts'
import type { Executor } from './create-executor.ts'
import { sendOverHttp } from './send-over-http.ts'
import { answerWell, buildAction, control, descriptor, executionId, key, listen, payload, problem, text } from './test/listening-peer.ts'
import type { Answer, Peer, Seen } from './test/listening-peer.ts'

let peers: Peer[] = []
let plane: Peer
let shop: Peer
let executor: Executor

const send = async (sending: Parameters<Parameters<Executor['perform']>[1]>[0]) => {
  const answer = await sendOverHttp(shop.origin, sending, { authorization: 'Bearer shop-token' })
  const { listing_id, url } = answer.json as { listing_id: string; url: string }
  return { external_object_id: listing_id, external_url: url }
}

function reportOf(peer: Peer): Record<string, unknown> {
  const finish = peer.seen.find((seen) => seen.url.endsWith('/finish'))
  return JSON.parse(finish!.body.toString()) as Record<string, unknown>
}

const open = async (answer: (seen: Seen) => Answer) => {
  const peer = await listen(answer)
  peers.push(peer)
  return peer
}

beforeEach(async () => {
  plane = await open((seen) => answerWell(seen))
  shop = await open(() => ({ status: 201, json: { listing_id: '1001', url: 'http://shop/listings/1001' } }))
  executor = createExecutor({ url: plane.origin, key })
})
afterEach(async () => {
  await Promise.all(peers.map((peer) => peer.close()))
  peers = []
})

describe('propose', () => {
  test('sends the canonical text with its hash and the key, and the same proposal always under the same idempotency key', async () => {
    await executor.propose(payload, { run_id: 'run-1', phase_id: 'p1' })
    await executor.propose({ ...payload, files: [] }, { run_id: 'run-1', phase_id: 'p1' })
    await executor.propose(payload, { run_id: 'run-2', phase_id: 'p1' })
    const [first, second, third] = plane.seen
    expect(JSON.parse(first!.body.toString())).toEqual({ payload: text, payload_hash: payloadHash(text), run_id: 'run-1', phase_id: 'p1' })
    expect(first!.headers['x-api-key']).toBe(key)
    expect(second!.headers['idempotency-key']).toBe(first!.headers['idempotency-key'])
    expect(third!.headers['idempotency-key']).not.toBe(first!.headers['idempotency-key'])
  })

  test('refuses an answer that speaks of other bytes', async () => {
    plane.answer = () => ({ status: 201, json: buildAction({ state: 'PENDING', payload_hash: 'f'.repeat(64) }) })
    await expect(executor.propose(payload)).rejects.toThrow(/the control plane took f{64}/)
  })

  test('a redirect is not followed, so the key reaches nobody else', async () => {
    const thief = await open(() => ({ status: 201, json: buildAction() }))
    plane.answer = () => ({ status: 307, headers: { location: `${thief.origin}/external-actions` } })
    await expect(executor.propose(payload)).rejects.toThrow(/no answer to proposeExternalAction/)
    expect(thief.seen).toEqual([])
  })
})

describe('waitForDecision', () => {
  test('asks with the version it knows until the action is decided, through an outage', async () => {
    let asked = 0
    plane.answer = (seen) => {
      asked += 1
      if (asked === 1) return { status: 200, json: buildAction({ state: 'PENDING', version: 1 }) }
      if (asked === 2) return 'hang up'
      return { status: 200, json: buildAction({ state: seen.url.includes('after_version=1') ? 'REJECTED' : 'PENDING' }) }
    }
    const retries: string[] = []
    const patient = createExecutor({ url: plane.origin, key, onRetry: (error) => retries.push(error.name) })
    expect((await patient.waitForDecision(buildAction())).state).toBe('REJECTED')
    expect(retries).toEqual(['Unreachable'])
    expect(plane.seen[2]!.url).toContain('wait_seconds=25')
  })

  test('stops waiting when it is told to', async () => {
    const told = new AbortController()
    plane.answer = () => {
      queueMicrotask(() => told.abort())
      return { status: 200, json: buildAction({ state: 'PENDING', version: 1 }) }
    }
    await expect(executor.waitForDecision(buildAction(), { signal: told.signal })).rejects.toThrow(/abort/)
  })

  test('gives up at once when the key is refused', async () => {
    plane.answer = () => problem('key_refused', 403)
    await expect(executor.waitForDecision(buildAction())).rejects.toThrow(/key_refused/)
    expect(plane.seen).toHaveLength(1)
  })
})

describe('perform', () => {
  test('sends exactly the approved body once, and reports the hash of what it sent', async () => {
    expect((await executor.perform(buildAction(), send)).state).toBe('COMPLETED')
    expect(shop.seen).toHaveLength(1)
    const { method, url, headers, body } = shop.seen[0]!
    expect([method, url]).toEqual(['POST', '/api/listings'])
    expect(headers).toMatchObject({ 'idempotency-key': executionId, authorization: 'Bearer shop-token', 'content-type': 'application/json' })
    expect(headers['x-api-key']).toBeUndefined()
    expect(JSON.parse(body.toString())).toEqual(payload.request.body)
    const sha256 = createHash('sha256').update(body).digest('hex')
    expect(reportOf(plane)).toEqual({
      fence: 7,
      sent: 'yes',
      outcome: 'completed',
      sent_sha256: sha256,
      external_object_id: '1001',
      external_url: 'http://shop/listings/1001',
    })
    const order = plane.seen.map((seen) => seen.url.split('/').at(-1))
    expect(order).toEqual(['claim', 'control', 'heartbeat', 'finish'])
  })

  test.each([
    ['another payload under the right hash', { payload: text.replace('"quantity":1', '"quantity":9') }, 'hash_mismatch'],
    [
      'another payload under its own hash',
      { payload: text.replace('"A"', '"Z"'), payload_hash: payloadHash(text.replace('"A"', '"Z"')) },
      'hash_mismatch',
    ],
    ['a payload that is not canonical', { payload: ` ${text}` }, 'payload_not_canonical'],
    ['another mode than the payload has', { mode: 'dry_run' }, 'policy_mismatch'],
  ])('%s is refused before anything is sent', async (_, change, code) => {
    plane.answer = (seen) =>
      answerWell(seen, {
        claim: () => {
          const whole = answerWell(seen) as { json: object }
          return { status: 201, json: { ...whole.json, ...change } }
        },
      })
    await expect(executor.perform(buildAction(), send)).rejects.toMatchObject({ name: 'TamperedPayload' })
    expect(shop.seen).toEqual([])
    expect(reportOf(plane)).toMatchObject({ sent: 'no', outcome: 'failed', error_code: code })
  })

  test('a descriptor that differs from the approved one is refused, because the same payload could be encoded differently', async () => {
    const action = buildAction({ descriptor: { id: descriptor.id, version: 2, sha256: 'e'.repeat(64) } })
    await expect(executor.perform(action, send)).rejects.toMatchObject({ name: 'TamperedPayload' })
    expect(shop.seen).toEqual([])
  })

  test.each([
    ['the brake', { brake_engaged: true }, 'brake_engaged'],
    ['dry run', { dry_run: true }, 'dry_run_on'],
    ['the master switch', { external_actions_enabled: false }, 'kill_switch_off'],
    ['the kill switch', { kill_switches: { ...control.kill_switches, DEMO_SHOP_PUBLISH: false } }, 'kill_switch_off'],
  ])('%s that changed after the claim still stops the sending', async (_, change, code) => {
    plane.answer = (seen) => answerWell(seen, { control: () => ({ status: 200, json: { ...control, ...change } }) })
    await executor.perform(buildAction(), send)
    expect(shop.seen).toEqual([])
    expect(reportOf(plane)).toMatchObject({ sent: 'no', outcome: 'failed', error_code: code })
  })

  test('a control that cannot be read stops the sending', async () => {
    plane.answer = (seen) => answerWell(seen, { control: () => 'hang up' })
    await executor.perform(buildAction(), send)
    expect(shop.seen).toEqual([])
    expect(reportOf(plane)).toMatchObject({ sent: 'no', error_code: 'control_unreadable' })
  })

  test('whoever lost the fence sends nothing and reports nothing', async () => {
    plane.answer = (seen) => answerWell(seen, { heartbeat: () => problem('stale_fence', 409) })
    await expect(executor.perform(buildAction(), send)).rejects.toMatchObject({ name: 'LostClaim' })
    expect(shop.seen).toEqual([])
    expect(plane.seen.some((seen) => seen.url.endsWith('/finish'))).toBe(false)
  })

  test('a dry run takes the same road and sends nothing', async () => {
    const dry = toPayloadText({ v: 1, ...payload, mode: 'dry_run' })
    plane.answer = (seen) =>
      answerWell(seen, {
        claim: () => {
          const whole = answerWell(seen) as { json: object }
          return { status: 201, json: { ...whole.json, mode: 'dry_run', payload: dry, payload_hash: payloadHash(dry) } }
        },
      })
    await executor.perform(buildAction({ mode: 'dry_run', payload_hash: payloadHash(dry) }), send)
    expect(shop.seen).toEqual([])
    expect(reportOf(plane)).toMatchObject({ sent: 'no', outcome: 'completed' })
  })

  test('a refused connection is reported as not sent', async () => {
    await shop.close()
    await executor.perform(buildAction(), send)
    expect(reportOf(plane)).toMatchObject({ sent: 'no', outcome: 'failed', error_code: 'econnrefused' })
  })

  test('a connection that breaks after the request is reported as unknown, never as not sent', async () => {
    shop.answer = () => 'hang up'
    await executor.perform(buildAction(), send)
    expect(reportOf(plane)).toMatchObject({ sent: 'unknown', outcome: 'unknown' })
    expect(shop.seen).toHaveLength(1)
  })

  test('a provider that redirects gets no second request, and neither does the place it names', async () => {
    const thief = await open(() => ({ status: 201 }))
    shop.answer = () => ({ status: 307, headers: { location: `${thief.origin}/api/listings` } })
    await executor.perform(buildAction(), send)
    expect(thief.seen).toEqual([])
    expect(reportOf(plane)).toMatchObject({ sent: 'unknown', outcome: 'unknown' })
  })

  test('a provider that refuses is reported as sent and failed', async () => {
    shop.answer = () => ({ status: 400, json: { detail: 'no' } })
    await executor.perform(buildAction(), send)
    expect(reportOf(plane)).toMatchObject({ sent: 'yes', outcome: 'failed', error_code: 'http_400' })
  })

  test('a report that got no answer is repeated with the same words, and the effect is not', async () => {
    let reports = 0
    plane.answer = (seen) =>
      answerWell(seen, { finish: () => ((reports += 1) === 1 ? 'hang up' : { status: 200, json: buildAction({ state: 'COMPLETED' }) }) })
    expect((await executor.perform(buildAction(), send)).state).toBe('COMPLETED')
    const finishes = plane.seen.filter((seen) => seen.url.endsWith('/finish')).map((seen) => seen.body.toString())
    expect(finishes).toHaveLength(2)
    expect(finishes[0]).toBe(finishes[1])
    expect(shop.seen).toHaveLength(1)
  })

  test('a claim that got no answer is repeated under the same idempotency key; two performs never share one', async () => {
    let claims = 0
    plane.answer = (seen) => answerWell(seen, (claims += Number(seen.url.endsWith('/claim'))) === 1 ? { claim: () => 'hang up' } : {})
    await executor.perform(buildAction(), send)
    await executor.perform(buildAction(), send)
    const keys = plane.seen.filter((seen) => seen.url.endsWith('/claim')).map((seen) => seen.headers['idempotency-key'])
    expect(keys).toHaveLength(3)
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).not.toBe(keys[0])
  })

  describe('while it holds the lease', () => {
    const quick = { leaseMs: 60_000, heartbeatIntervalMs: 2 }
    const isHeartbeat = (seen: Seen) => seen.url.endsWith('/heartbeat')

    /** A plane that answers heartbeats as told, counted from 1, and says when a number of them has come. */
    function tellHeartbeats(answer: (number: number) => Answer | null, changes: Record<string, (seen: Seen) => Answer | Promise<Answer>> = {}) {
      const waiting = new Map<number, () => void>()
      let beats = 0
      plane.answer = (seen) => {
        if (isHeartbeat(seen)) {
          beats += 1
          waiting.get(beats)?.()
          return answer(beats) ?? answerWell(seen)
        }
        return changes[seen.url.split('/').at(-1)!]?.(seen) ?? answerWell(seen)
      }
      return (number: number) => new Promise<void>((resolve) => void waiting.set(number, resolve))
    }

    test('it sends heartbeats with its fence for as long as the provider takes, and none afterwards', async () => {
      const hasBeaten = tellHeartbeats(() => null)
      const fourth = hasBeaten(4)
      executor = createExecutor({ url: plane.origin, key, leaseTimes: quick })
      const slow: typeof send = async (sending) => {
        await fourth
        return send(sending)
      }
      expect((await executor.perform(buildAction(), slow)).state).toBe('COMPLETED')
      const beats = plane.seen.filter(isHeartbeat)
      expect(beats.every((seen) => seen.body.toString() === '{"fence":7}')).toBe(true)
      // Some may still be on their way; then ten intervals go by without one. If they went on, none of these pauses would be quiet.
      const countAfterPause = async () => {
        await new Promise((resolve) => setTimeout(resolve, 10 * quick.heartbeatIntervalMs))
        return plane.seen.filter(isHeartbeat).length
      }
      let quiet = false
      for (let pause = 0; pause < 100 && !quiet; pause += 1) quiet = (await countAfterPause()) === (await countAfterPause())
      expect(quiet).toBe(true)
    })

    test('a heartbeat that says the claim is lost stops the sending, whatever a later one says', async () => {
      // The second comes after the answer to the first was read: they follow one another by more than its way.
      const hasBeaten = tellHeartbeats((number) => (number === 1 ? problem('stale_fence', 409) : null), {
        control: async () => {
          await hasBeaten(3)
          return { status: 200, json: control }
        },
      })
      executor = createExecutor({ url: plane.origin, key, leaseTimes: { ...quick, heartbeatIntervalMs: 10 } })
      await expect(executor.perform(buildAction(), send)).rejects.toMatchObject({ name: 'LostClaim' })
      expect(shop.seen).toEqual([])
      expect(plane.seen.some((seen) => seen.url.endsWith('/finish'))).toBe(false)
    })

    test('a lease that is lost while the provider works is told as sent and not recorded, and nothing is sent again', async () => {
      plane.answer = (seen) => answerWell(seen, { finish: () => problem('not_executing', 409) })
      await expect(executor.perform(buildAction(), send)).rejects.toMatchObject({ name: 'NotRecorded', sent: 'yes' })
      expect(shop.seen).toHaveLength(1)
    })

    test('a report that nobody takes before the lease ends is given up, and nothing is sent again', async () => {
      plane.answer = (seen) => answerWell(seen, { finish: () => 'hang up' })
      executor = createExecutor({ url: plane.origin, key, leaseTimes: { leaseMs: 50, heartbeatIntervalMs: 60_000 } })
      await expect(executor.perform(buildAction(), send)).rejects.toMatchObject({ name: 'NotRecorded', sent: 'yes' })
      expect(plane.seen.filter((seen) => seen.url.endsWith('/finish'))).toHaveLength(1)
      expect(shop.seen).toHaveLength(1)
    })
  })

  test('files are handed over only when they are the approved ones', async () => {
    const bytes = Buffer.from('report')
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const withFile = toPayloadText({ v: 1, ...payload, files: [{ name: 'report.md', sha256, size_bytes: bytes.length }] })
    plane.answer = (seen) =>
      answerWell(seen, {
        claim: () => {
          const whole = answerWell(seen) as { json: object }
          return { status: 201, json: { ...whole.json, payload: withFile, payload_hash: payloadHash(withFile) } }
        },
      })
    const action = buildAction({ payload_hash: payloadHash(withFile) })
    await expect(executor.perform(action, send, { files: { 'report.md': Buffer.from('other!') } })).rejects.toMatchObject({ name: 'TamperedPayload' })
    await expect(executor.perform(action, send)).rejects.toMatchObject({ name: 'TamperedPayload' })
    expect(shop.seen).toEqual([])
    await executor.perform(action, send, { files: { 'report.md': bytes } })
    expect(shop.seen).toHaveLength(1)
  })
})
