import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { outboxTable } from '../../db/bff-tables.ts'
import { recordOutboxEvent } from '../../shared/outbox-rows.ts'
import { startTestBff } from '../../test/start-test-bff.ts'
import type { TestBff } from '../../test/start-test-bff.ts'
import { answerJson, problem } from '../../test/start-test-upstream.ts'
import { deliverSignInEvents } from './deliver-sign-in-events.ts'

let bff: TestBff
beforeAll(async () => {
  bff = await startTestBff()
})
afterAll(() => bff.close())
beforeEach(async () => {
  bff.upstream.answers.clear()
  bff.upstream.received.length = 0
  await bff.deps.db.delete(outboxTable)
})

type Delivered = { events: { delivery_id: string; kind: string; name: string; detail: string }[] }
const deliveries = () => bff.upstream.received.filter((each) => each.target === '/operator/sign-in-events')
const bodyOf = (index: number) => JSON.parse(deliveries()[index]!.body) as Delivered

test('events are delivered once, by the console itself', async () => {
  const person = await bff.addPerson('Ada', 'viewer')
  await bff.signIn(person)
  expect(await deliverSignInEvents(bff.deps)).toBe(1)
  expect(await deliverSignInEvents(bff.deps)).toBe(0)
  expect(deliveries()[0]?.claims).toMatchObject({ sub: 'console', aud: 'autopack-control-plane' })
  expect(Object.keys(deliveries()[0]!.claims!)).not.toContain('amr')
  expect(bodyOf(0).events).toMatchObject([{ kind: 'signed_in', operator_id: person.operator_id, name: 'Ada' }])
})

test('what was not taken is delivered again with the same id', async () => {
  await recordOutboxEvent(bff.deps.db, { kind: 'sign_in_refused', operator_id: null, name: 'x', detail: 'y' }, bff.deps.now())
  bff.upstream.answers.set('/operator/sign-in-events', answerJson(503, problem('audit_unavailable', 503)))
  await expect(deliverSignInEvents(bff.deps)).rejects.toMatchObject({ code: 'audit_unavailable' })
  bff.upstream.answers.clear()
  expect(await deliverSignInEvents(bff.deps)).toBe(1)
  expect(bodyOf(1).events[0]?.delivery_id).toBe(bodyOf(0).events[0]?.delivery_id)
})

test('a flood of refused sign-ins becomes thirty events and a count', async () => {
  bff.advance(120_000)
  for (let count = 0; count < 100; count += 1)
    await bff.deps.refusals.record({ kind: 'sign_in_refused', operator_id: null, name: `n${count}`, detail: 'wrong' })
  await bff.deps.refusals.flush()
  expect(await deliverSignInEvents(bff.deps)).toBe(31)
  expect(bodyOf(0).events.find((event) => event.detail.includes('counted'))?.detail).toMatch(/^70 further refused sign-ins/)
})

test('a name with NUL or half a character is recorded readable', async () => {
  await recordOutboxEvent(bff.deps.db, { kind: 'sign_in_refused', operator_id: null, name: 'a\u0000b\ud800', detail: '' }, bff.deps.now())
  expect(await deliverSignInEvents(bff.deps)).toBe(1)
  expect(bodyOf(0).events[0]?.name).toBe('a\ufffdb\ufffd')
  const long = { kind: 'sign_in_refused' as const, operator_id: null, name: 'x', detail: `${'y'.repeat(299)}😀` }
  await recordOutboxEvent(bff.deps.db, long, bff.deps.now())
  expect(await deliverSignInEvents(bff.deps)).toBe(1)
})
