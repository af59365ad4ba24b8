import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { encodeRequest } from '@autopack/approval-proof/encode-request'
import { readPayload, toPayloadText } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { renderAction } from '@autopack/approval-proof/render-action'
import type { HistoryDeployment, Person, Program } from './history-deployment.ts'
import type { Asked } from './history-record.ts'

/** Every client draws from its own seed, so that a history can be told apart from another; the interleaving is the machine's. */
export type Draw = () => number

/** What is known to everybody: which actions there are, as they were last seen. */
type Known = {
  action_id: string
  revision: number
  payload: string
  payload_hash: string
  program: Program
  /** Somebody was told that it is approved, and nobody that it was claimed since. */
  approved: boolean
  /** Somebody was told that there is nothing to decide any more. */
  over: boolean
}
export type Shared = { actions: Known[]; asked: Asked[]; until: number }

const descriptor = findDescriptor('demo_shop', 'create_listing')!

export function createDraw(seed: number): Draw {
  let state = seed >>> 0
  return () => {
    // mulberry32: small, fast, and good enough to choose what a client does next.
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

type Note = { client: string; operation: string; about?: Partial<Known>; scope?: string }

/** Sends one request and notes when, about what, and how it was answered. */
async function ask(
  shared: Shared,
  note: Note,
  url: string,
  headers: Record<string, string>,
  body: string,
): Promise<{ status: number; json: Record<string, unknown> }> {
  const started = Date.now()
  let status = 0
  let json: Record<string, unknown> = {}
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.timeout(20_000),
    })
    status = answer.status
    json = (await answer.json()) as Record<string, unknown>
  } catch {
    // Noted as status 0.
  }
  const refused = status >= 400 ? String(json['code'] ?? 'no code') : null
  shared.asked.push({
    client: note.client,
    operation: note.operation,
    started,
    ended: Date.now(),
    status,
    code: refused,
    action_id: (json['action_id'] as string | undefined) ?? note.about?.action_id ?? null,
    revision:
      note.operation === 'edit' && refused === null
        ? (json['revision'] as number)
        : (note.about?.revision ?? (json['revision'] as number | undefined) ?? null),
    payload_hash: note.about?.payload_hash ?? null,
    execution_id: (json['execution_id'] as string | undefined) ?? null,
    scope: note.scope ?? null,
  })
  return { status, json }
}

function toListing(mode: 'live' | 'dry_run'): string {
  return toPayloadText({
    v: 1,
    ...{ provider: 'demo_shop', operation: 'create_listing', target: { shop: 'demo-shop' }, mode, files: [] },
    cost: { amount_minor: 20, currency: 'USD' },
    request: {
      method: 'POST',
      path: '/api/listings',
      body: {
        ...{ title: `Report ${randomUUID()}`, description: 'What was found.', quantity: 1, report_sha256: 'a'.repeat(64), tags: [] },
        price: { amount_minor: 1900, currency: 'EUR' },
      },
    },
  })
}

const pick = <T>(draw: Draw, of: readonly T[]): T | undefined => of[Math.floor(draw() * of.length)]

/** An executor that proposes, edits, withdraws, claims its own and others' approvals, sends to the shop, reports, lies, and dies. */
export async function runProgram(deployment: HistoryDeployment, shared: Shared, client: string, program: Program, draw: Draw): Promise<void> {
  const headers = { 'x-api-key': program.key }
  const url = (action: Known, what: string) => `${deployment.origin}/external-actions/${action.action_id}/${what}`
  while (Date.now() < shared.until) {
    const turn = draw()
    const own = pick(draw, shared.actions.filter((action) => action.program === program).slice(-12))
    if (turn < 0.2 || own === undefined) {
      const payload = toListing(draw() < 0.75 ? 'live' : 'dry_run')
      const body = JSON.stringify({ payload, payload_hash: payloadHash(payload) })
      const { status, json } = await ask(
        shared,
        { client, operation: 'propose' },
        `${deployment.origin}/external-actions`,
        { ...headers, 'idempotency-key': randomUUID() },
        body,
      )
      if (status === 201) {
        shared.actions.push({
          action_id: String(json['action_id']),
          revision: 1,
          payload,
          payload_hash: payloadHash(payload),
          program,
          approved: false,
          over: false,
        })
      }
      // Full, or too fast: others go on.
      if (status === 429) await delay(200)
    } else if (turn < 0.3) {
      const payload = toListing(readOrThrow(own.payload).mode)
      const body = JSON.stringify({ payload, payload_hash: payloadHash(payload), after_revision: own.revision })
      const { status, json } = await ask(shared, { client, operation: 'edit', about: own }, url(own, 'revisions'), headers, body)
      if (status === 201)
        Object.assign(own, { revision: Number(json['revision']), payload, payload_hash: payloadHash(payload), approved: false, over: false })
    } else if (turn < 0.33) {
      await ask(shared, { client, operation: 'cancel', about: own }, url(own, 'cancel'), headers, JSON.stringify({ reason: 'Not needed any more.' }))
    } else {
      const ready = shared.actions.filter((action) => action.program === program && action.approved)
      const chosen = (draw() < 0.8 ? pick(draw, ready) : undefined) ?? own
      const taken = { ...chosen }
      if (await claimAndPerform(deployment, shared, client, program, taken, draw)) chosen.approved = false
    }
    await delay(draw() * 40)
  }
}

/** Whether it was handed out. */
async function claimAndPerform(
  deployment: HistoryDeployment,
  shared: Shared,
  client: string,
  program: Program,
  action: Known,
  draw: Draw,
): Promise<boolean> {
  const headers = { 'x-api-key': program.key }
  const url = (what: string) => `${deployment.origin}/external-actions/${action.action_id}/${what}`
  const claiming = JSON.stringify({ revision: action.revision, payload_hash: action.payload_hash })
  const key = randomUUID()
  const claim = () => ask(shared, { client, operation: 'claim', about: action }, url('claim'), { ...headers, 'idempotency-key': key }, claiming)
  // Now and then the same claim at once, as an executor that lost the answer would.
  const [{ status, json }] = draw() < 0.15 ? await Promise.all([claim(), claim()]) : [await claim()]
  if (status !== 201) return false
  await perform(deployment, shared, client, program, action, draw, json)
  return true
}

async function perform(
  deployment: HistoryDeployment,
  shared: Shared,
  client: string,
  program: Program,
  action: Known,
  draw: Draw,
  json: Record<string, unknown>,
): Promise<void> {
  const headers = { 'x-api-key': program.key }
  const url = (what: string) => `${deployment.origin}/external-actions/${action.action_id}/${what}`
  const fence = Number(json['fence'])
  const finish = (report: object) =>
    ask(shared, { client, operation: 'finish', about: action }, url('finish'), headers, JSON.stringify({ fence, ...report }))
  const how = draw()
  if (json['mode'] === 'dry_run') return void (await finish({ sent: 'no', outcome: 'completed' }))
  if (how < 0.3) return void (await finish({ sent: 'no', outcome: 'failed', error_summary: 'The client chose not to send.' }))
  if (how < 0.4) await ask(shared, { client, operation: 'heartbeat', about: action }, url('heartbeat'), headers, JSON.stringify({ fence }))
  const bytes = encodeRequest(readOrThrow(String(json['payload'])), descriptor)
  const sent = await send(deployment, String(json['execution_id']), bytes)
  // Dies between send and record.
  if (how > 0.9) return
  if (how > 0.85)
    await ask(
      shared,
      { client, operation: 'finish wrongly', about: action },
      url('finish'),
      headers,
      JSON.stringify({ fence: fence + 1, sent: 'no', outcome: 'failed' }),
    )
  const report = { sent: 'yes', outcome: 'completed', sent_sha256: createHash('sha256').update(bytes).digest('hex'), external_object_id: sent }
  await finish(report)
  if (how > 0.8) await finish(report)
}

async function send(deployment: HistoryDeployment, executionId: string, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const answer = await fetch(`${deployment.shopOrigin}/api/listings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${deployment.shopToken}`, 'content-type': 'application/json', 'idempotency-key': executionId },
    body: bytes,
    signal: AbortSignal.timeout(20_000),
  })
  return ((await answer.json()) as { listing_id: string }).listing_id
}

/** People who approve, reject, take back, and turn what controls everything; each request as another one of them. */
export async function runPerson(deployment: HistoryDeployment, shared: Shared, client: string, people: readonly Person[], draw: Draw): Promise<void> {
  const admins = people.filter(({ role }) => role === 'admin')
  const deciders = people.filter(({ role }) => role !== 'viewer')
  const post = (person: Person, note: Note, target: string, value: object) => {
    const body = JSON.stringify(value)
    return ask(shared, note, `${deployment.origin}${target}`, deployment.headers(person.operator_id, 'POST', target, body), body)
  }
  const reason = 'The history says so.'
  while (Date.now() < shared.until) {
    const turn = draw()
    // Mostly what waits for somebody, or they would spend their time on what is over.
    const waiting = shared.actions.filter(({ approved, over }) => !approved && !over)
    const seen = (draw() < 0.7 ? pick(draw, waiting) : undefined) ?? pick(draw, shared.actions.slice(-25))
    const action = seen && { ...seen }
    const somebody = pick(draw, people)!
    const decider = pick(draw, deciders)!
    const about = { client, ...(action && { about: action }) }
    const bound = action && { revision: action.revision, payload_hash: action.payload_hash, reason }
    if (action !== undefined && turn < 0.62) {
      const target = `/operator/external-actions/${action.action_id}/decision`
      const { status, json } = await post(decider, { ...about, operation: 'approve' }, target, toApproval(action, reason))
      if (status === 200) seen!.approved = true
      if (json['code'] === 'already_decided' || json['code'] === 'not_open') seen!.over = true
    } else if (action !== undefined && turn < 0.68) {
      await post(decider, { ...about, operation: 'reject' }, `/operator/external-actions/${action.action_id}/decision`, {
        kind: 'reject',
        reject_kind: 'not_now',
        ...bound,
      })
    } else if (action !== undefined && turn < 0.7) {
      await post(decider, { ...about, operation: 'ask_change' }, `/operator/external-actions/${action.action_id}/decision`, {
        kind: 'ask_change',
        field: null,
        ...bound,
      })
    } else if (action !== undefined && turn < 0.8) {
      await post(somebody, { ...about, operation: 'revoke' }, `/operator/external-actions/${action.action_id}/revoke`, { kind: 'revoke', ...bound })
    } else if (turn < 0.83) {
      const scopes = [
        { kind: 'all', id: '' },
        { kind: 'provider', id: 'demo_shop' },
        { kind: 'executor', id: pick(draw, deployment.programs)!.executor_id },
      ]
      const scope = pick(draw, scopes)!
      const name = scope.kind === 'all' ? 'all' : `${scope.kind}/${scope.id}`
      const { status, json } = await post(decider, { client, operation: 'brake', scope: name }, '/operator/control/brake', { scope, reason })
      if (status === 200) {
        await delay(20 + draw() * 80)
        const { brake_id } = json['brake'] as { brake_id: string }
        await post(pick(draw, admins)!, { client, operation: 'release', scope: name }, '/operator/control/brake/release', { brake_id, reason })
      }
    } else if (turn < 0.86) {
      const currency = draw() < 0.5 ? null : 'USD'
      const set = (cap: number) => post(pick(draw, admins)!, { client, operation: 'cap' }, '/operator/control/caps', { currency, cap, reason })
      await set(Math.floor(draw() * 40))
      await delay(draw() * 100)
      await set(currency === null ? 60 : 800)
    } else if (turn < 0.88) {
      const admin = pick(draw, admins)!
      await post(decider, { client, operation: 'switch' }, '/operator/control/switches', { name: 'DEMO_SHOP_PUBLISH', on: false, reason })
      await delay(draw() * 60)
      await post(admin, { client, operation: 'switch' }, '/operator/control/switches', { name: 'DEMO_SHOP_PUBLISH', on: true, reason })
    }
    await delay(draw() * 60)
  }
}

function toApproval(action: Known, reason: string): object {
  return {
    kind: 'approve',
    revision: action.revision,
    payload_hash: action.payload_hash,
    descriptor: { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
    display_sha256: renderAction(readOrThrow(action.payload), descriptor).display_sha256,
    reason,
  }
}

function readOrThrow(text: string) {
  const read = readPayload(text)
  if (!read.ok) throw new Error(read.detail)
  return read.payload
}
