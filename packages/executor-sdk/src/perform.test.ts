import { finishExternalAction, observeExternalAction } from '@autopack/contract/executor-actions'
import { reportTextLimits } from '@autopack/contract/limits'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { createExecutor } from './create-executor.ts'
import type { Executor } from './create-executor.ts'
import { ProviderRefused } from './executor-errors.ts'
import type { Send } from './perform.ts'
import { answerWell, buildAction, executionId, key, listen, problem } from './test/listening-peer.ts'
import type { Answer, Peer, Seen } from './test/listening-peer.ts'

let plane: Peer
let executor: Executor
let sends = 0
beforeEach(async () => {
  sends = 0
  plane = await listen((seen) => answerWell(seen))
  executor = createExecutor({ url: plane.origin, key })
})
afterEach(() => plane.close())

const send: Send = async () => {
  sends += 1
  return { external_object_id: '1001' }
}
const bodiesTo = (what: string) =>
  plane.seen.filter((seen) => seen.url.endsWith(`/${what}`)).map((seen) => JSON.parse(seen.body.toString()) as Record<string, unknown>)
const answer = (changes: Record<string, (seen: Seen) => Answer>) => {
  plane.answer = (seen) => answerWell(seen, changes)
}
const claims = () => plane.seen.filter((seen) => seen.url.endsWith('/claim'))

describe('a report', () => {
  test('of an object whose id and address are over the limits is one that the contract takes', async () => {
    const url = `http://shop/${'x'.repeat(reportTextLimits.external_url)}`
    await executor.perform(buildAction(), () => Promise.resolve({ external_object_id: `1\0${'y'.repeat(300)}`, external_url: url }))
    const [report] = bodiesTo('finish')
    expect(z.safeParse(finishExternalAction.body, report).success).toBe(true)
    expect(report).toMatchObject({ sent: 'yes', outcome: 'completed', external_object_id: `1${'y'.repeat(199)}` })
    expect(report).not.toHaveProperty('external_url')
  })

  test('of an id that came as a number is one that the contract takes', async () => {
    await executor.perform(buildAction(), () => Promise.resolve({ external_object_id: 1001 as unknown as string }))
    expect(bodiesTo('finish')).toMatchObject([{ sent: 'yes', external_object_id: '1001' }])
  })

  test('of an error with a long code and words is one that the contract takes, and no character is cut in half', async () => {
    const words = `a\0${'b'.repeat(998)}😀`
    await executor.perform(buildAction(), () => Promise.reject(new ProviderRefused('c'.repeat(200), words)))
    const [report] = bodiesTo('finish')
    expect(z.safeParse(finishExternalAction.body, report).success).toBe(true)
    expect(report).toMatchObject({ sent: 'yes', outcome: 'failed', error_code: 'c'.repeat(100), error_summary: `a${'b'.repeat(998)}\ufffd` })
  })

  test('that is refused for whatever reason after something was sent is told as sent and not recorded', async () => {
    answer({ finish: () => problem('invalid_request', 400) })
    await expect(executor.perform(buildAction(), send)).rejects.toMatchObject({ name: 'NotRecorded', sent: 'yes' })
    expect([sends, bodiesTo('finish').length]).toEqual([1, 1])
  })

  test('is repeated when something between answers in place of the control plane', async () => {
    let reports = 0
    answer({
      finish: (seen) => ((reports += 1) === 1 ? { status: 502, headers: { 'content-type': 'text/html' } } : answerWell(seen)),
    })
    expect((await executor.perform(buildAction(), send)).state).toBe('COMPLETED')
    expect([sends, reports]).toEqual([1, 2])
  })
})

describe('an effect that was read back', () => {
  test('and is too long for the contract is told as such', async () => {
    await executor.perform(buildAction(), send, { readBack: () => Promise.resolve(`"${'x'.repeat(262_144)}"`) })
    const [observation] = bodiesTo('observations')
    expect(z.safeParse(observeExternalAction.body, observation).success).toBe(true)
    expect(observation).toMatchObject({ observed: null, detail: 'What the provider shows is too long to be compared.' })
  })

  test('and is not taken leaves the report as it is', async () => {
    answer({ observations: () => problem('not_open', 409) })
    expect((await executor.perform(buildAction(), send, { readBack: () => Promise.resolve('{}') })).state).toBe('COMPLETED')
  })
})

describe('a claim', () => {
  const held = { ...(problem('in_hold', 409) as { status: number; json: object }), headers: { 'retry-after': '0.001' } }

  test('outlives a failure after many waits for a hold', async () => {
    answer({
      claim: (seen) => {
        if (claims().length <= 5) return held
        return claims().length === 6 ? 'hang up' : answerWell(seen)
      },
    })
    expect((await executor.perform(buildAction(), send)).state).toBe('COMPLETED')
    expect(claims()).toHaveLength(7)
  })

  test('that nobody answers is given up at the fourth time', async () => {
    answer({ claim: () => 'hang up' })
    await expect(executor.perform(buildAction(), send)).rejects.toMatchObject({ name: 'Unreachable' })
    expect([claims().length, sends]).toEqual([4, 0])
  })

  test('stops waiting for a hold when it is told to', async () => {
    const told = new AbortController()
    answer({
      claim: () => {
        queueMicrotask(() => told.abort())
        return { ...held, headers: { 'retry-after': '3600' } }
      },
    })
    await expect(executor.perform(buildAction(), send, { signal: told.signal })).rejects.toMatchObject({ name: 'AbortError' })
    expect([claims().length, sends]).toEqual([1, 0])
  })

  test('that was handed out is carried out and reported although it is told to stop', async () => {
    const told = new AbortController()
    told.abort()
    expect((await executor.perform(buildAction(), send, { signal: told.signal })).state).toBe('COMPLETED')
    expect(bodiesTo('finish')).toMatchObject([{ sent: 'yes' }])
  })

  test('whose answer was lost and whose repetition meets the brake is reported as not sent', async () => {
    const braked = problem('brake_engaged', 409) as { status: number; json: object }
    answer({
      claim: () => (claims().length === 1 ? 'hang up' : { ...braked, json: { ...braked.json, execution_id: executionId, fence: 7 } }),
      finish: () => ({ status: 200, json: buildAction({ state: 'FAILED' }) }),
    })
    expect((await executor.perform(buildAction(), send)).state).toBe('FAILED')
    expect(sends).toBe(0)
    expect(bodiesTo('finish')).toMatchObject([{ fence: 7, sent: 'no', outcome: 'failed', error_code: 'brake_engaged' }])
  })

  test('that meets the brake the first time is refused, and reports nothing', async () => {
    answer({ claim: () => problem('brake_engaged', 409) })
    await expect(executor.perform(buildAction(), send)).rejects.toMatchObject({ name: 'ApiProblem', code: 'brake_engaged' })
    expect(bodiesTo('finish')).toEqual([])
  })
})
