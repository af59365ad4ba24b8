import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { toPayloadText } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { createExecutor } from '@autopack/executor-sdk/create-executor'
import { actionId, answerWell, buildAction, key, listen, payload, problem } from '@autopack/executor-sdk/test/listening-peer'
import type { Answer, Peer, Seen } from '@autopack/executor-sdk/test/listening-peer'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openAgentLog } from './agent-log.ts'
import { openStateFile } from './agent-state.ts'
import { publishReport } from './publish-report.ts'
import type { Agent, RunReporter } from './run-reporter.ts'

const runId = 'run-1'
const edited = { ...payload, request: { ...payload.request, body: { title: 'B' } } }
const of = { action_id: actionId, revision: 1, payload_hash: payloadHash(toPayloadText({ v: 1, ...payload })) }
const asked = {
  field: '/request/body/title',
  reason: 'Too long.',
  asked_by: { operator_id: 'op_1', name: 'Mira' },
  asked_at: '2026-11-22T12:00:00.000Z',
}

let folder: string
let plane: Peer
let shop: Peer
let agent: Agent
let endings: unknown[][]
const nothing = () => Promise.resolve()
const reporter: RunReporter = {
  phase: (_, work) => work(),
  begin: nothing,
  end: (...ending) => Promise.resolve(void endings.push(ending)),
  gate: nothing,
  leaveGate: nothing,
  upload: nothing,
  progress: () => undefined,
  countRead: () => undefined,
  close: () => undefined,
}

beforeEach(async () => {
  endings = []
  folder = mkdtempSync(join(tmpdir(), 'demo-agent-'))
  plane = await listen((seen) => answerWell(seen))
  shop = await listen(() => ({ status: 201, json: { listing_id: '1001', url: 'http://shop/listings/1001' } }))
  agent = {
    executor: createExecutor({ url: plane.origin, key }),
    log: openAgentLog(join(folder, 'run.log'), () => new Date()),
    state: openStateFile(join(folder, 'state.json')),
    signal: new AbortController().signal,
  }
})
afterEach(async () => {
  await Promise.all([plane.close(), shop.close()])
  rmSync(folder, { recursive: true, force: true })
})

const answer = (changes: Record<string, (seen: Seen) => Answer>) => {
  plane.answer = (seen) => answerWell(seen, changes)
}
const asksFor = (what: string) => plane.seen.filter((seen) => seen.url.endsWith(`/${what}`)).length
const publish = () => publishReport(agent, reporter, { url: shop.origin, token: 'shop-token' }, runId, payload)

describe('what was approved', () => {
  test('and whose report is refused after it was sent is not called a refused claim, and nothing is withdrawn', async () => {
    answer({ finish: () => problem('invalid_request', 400) })
    await publish()
    expect(shop.seen.filter(({ method }) => method === 'POST')).toHaveLength(1)
    expect(asksFor('cancel')).toBe(0)
    expect(endings).toEqual([['publish', 'FAILED', expect.stringMatching(/look at the shop.*sent: yes.*was not recorded/)]])
  })

  test('and whose claim is refused is withdrawn, and said to be refused', async () => {
    answer({ claim: () => problem('hash_mismatch', 409) })
    await publish()
    expect(shop.seen).toEqual([])
    expect(asksFor('cancel')).toBe(1)
    expect(endings).toEqual([['publish', 'FAILED', expect.stringContaining('the claim was refused (hash_mismatch)')]])
  })
})

describe('after a restart with an edit that was not made yet', () => {
  beforeEach(() => agent.state.write({ run_id: runId, phase_id: 'publish', proposal: payload, edit: { of, proposal: edited } }))

  test.each([
    ['not_open', 'REJECTED'],
    ['expired', 'EXPIRED'],
  ] as const)('an edit that is refused as %s goes on with the action as it is', async (code, state) => {
    answer({ revisions: () => problem(code, 409), [actionId]: () => ({ status: 200, json: buildAction({ state }) }) })
    await publish()
    expect(endings).toEqual([['publish', 'SKIPPED', expect.stringMatching(state === 'REJECTED' ? /rejected/ : /EXPIRED/)]])
    expect([shop.seen.length, asksFor('claim')]).toEqual([0, 0])
  })

  test('an action that stands at bytes which the agent does not know is never sent', async () => {
    const foreign = buildAction({ state: 'APPROVED', revision: 3, payload_hash: 'f'.repeat(64) })
    answer({ revisions: () => problem('stale_revision', 409), [actionId]: () => ({ status: 200, json: foreign }) })
    await expect(publish()).rejects.toMatchObject({ name: 'RevisedMeanwhile' })
    expect([shop.seen.length, asksFor('claim')]).toEqual([0, 0])
  })

  test('one that has ended at such bytes ends the run as it ended', async () => {
    const foreign = buildAction({ state: 'CANCELLED', revision: 3, payload_hash: 'f'.repeat(64) })
    answer({ revisions: () => problem('stale_revision', 409), [actionId]: () => ({ status: 200, json: foreign }) })
    await publish()
    expect(endings).toEqual([['publish', 'SKIPPED', 'the action is CANCELLED']])
  })
})

test('an edit that a rejection overtakes ends as rejected', async () => {
  agent.state.write({ run_id: runId, phase_id: 'publish', proposal: { ...payload, request: { ...payload.request, body: { title: 'A: long' } } } })
  const pending = buildAction({ state: 'PENDING', change_request: asked })
  let rejected = false
  answer({
    'external-actions': () => ({ status: 201, json: pending }),
    [actionId]: () => ({ status: 200, json: rejected ? buildAction({ state: 'REJECTED' }) : pending }),
    revisions: () => {
      rejected = true
      return problem('not_open', 409)
    },
  })
  await publish()
  expect(agent.state.read()).toMatchObject({ edit: { of, proposal: { request: { body: { title: 'A' } } } } })
  expect(endings).toEqual([['publish', 'SKIPPED', 'rejected']])
})
