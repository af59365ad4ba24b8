/** The other ends of the wire: a control plane that answers well, and providers that say what a test tells them to. */
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { toPayloadText } from '@autopack/approval-proof/payload'
import type { Payload } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import type { ExecutorAction } from '@autopack/contract/executor-actions'

export type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: Buffer }
export type Answer = { status: number; json?: unknown; headers?: Record<string, string> } | 'hang up'
export type Peer = { origin: string; seen: Seen[]; answer: (seen: Seen) => Answer | Promise<Answer>; close: () => Promise<void> }

/** A server on the other end of the wire that says what the test tells it to say. */
export async function listen(answer: (seen: Seen) => Answer): Promise<Peer> {
  const peer: Peer = { origin: '', seen: [], answer, close: () => closeServer(server) }
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const seen = { method: request.method!, url: request.url!, headers: request.headers, body: Buffer.concat(chunks) }
    peer.seen.push(seen)
    const said = await peer.answer(seen)
    if (said === 'hang up') return void request.socket.destroy()
    const type = said.status >= 400 ? 'application/problem+json' : 'application/json'
    response.writeHead(said.status, { 'content-type': type, ...said.headers }).end(JSON.stringify(said.json ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  peer.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return peer
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

export const payload: Omit<Payload, 'v'> = {
  provider: 'demo_shop',
  operation: 'create_listing',
  target: { shop: 'demo-shop' },
  mode: 'live',
  cost: { amount_minor: 20, currency: 'USD' },
  request: {
    method: 'POST',
    path: '/api/listings',
    body: { title: 'A', description: 'B', price: { amount_minor: 100, currency: 'USD' }, quantity: 1, report_sha256: 'a'.repeat(64), tags: [] },
  },
  files: [],
}
export const text = toPayloadText({ v: 1, ...payload })
export const actionId = 'act_00000000-0000-4000-8000-000000000001'
export const executionId = 'exe_00000000-0000-4000-8000-000000000002'
export const descriptor = findDescriptor('demo_shop', 'create_listing')!
export const time = '2026-11-22T12:00:00.000Z'
export const key = `apk_${'k'.repeat(12)}_${'0'.repeat(64)}_00000000`

export function buildAction(changes: Partial<ExecutorAction> = {}): ExecutorAction {
  return {
    action_id: actionId,
    state: 'APPROVED',
    revision: 1,
    version: 2,
    run_id: null,
    provider: 'demo_shop',
    operation: 'create_listing',
    mode: 'live',
    tier: 'C',
    blind: false,
    payload_hash: payloadHash(text),
    seal: 'a-b-c-d-e',
    descriptor: { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
    findings: [],
    decide_by: time,
    execute_by: time,
    not_before: null,
    authorized_by: 'people',
    change_request: null,
    decisions: [],
    execution: null,
    console_path: `/approvals/${actionId}`,
    ...changes,
  }
}

export const control = {
  external_actions_enabled: true,
  dry_run: false,
  brake_engaged: false,
  brakes: [],
  kill_switches: { ETSY_PUBLISH: false, SHOPIFY_PUBLISH: false, YOUTUBE_PUBLISH: false, TRADING_ORDERS: false, DEMO_SHOP_PUBLISH: true },
  caps: [],
  version: 1,
  now: time,
}

export function problem(code: string, status: number): Answer {
  return { status, json: { type: `urn:autopack:problem:${code}`, title: code, status, code, detail: code, request_id: 'r' } }
}

/** The answers of a control plane where everything is as it should be; a test changes one. */
export function answerWell(seen: Seen, changes: Record<string, (seen: Seen) => Answer> = {}): Answer {
  const path = seen.url.split('?')[0]!
  const last = path.split('/').at(-1)!
  const changed = changes[last]
  if (changed) return changed(seen)
  if (path === '/control') return { status: 200, json: control }
  if (last === 'claim') {
    const body = { action_id: actionId, execution_id: executionId, fence: 7, revision: 1, mode: 'live', lease_until: time }
    return { status: 201, json: { ...body, payload: text, payload_hash: payloadHash(text) } }
  }
  if (last === 'heartbeat') return { status: 200, json: { action_id: actionId, lease_until: time } }
  if (last === 'finish') return { status: 200, json: buildAction({ state: 'COMPLETED', version: 4 }) }
  if (path === '/external-actions') return { status: 201, json: buildAction({ state: 'PENDING', version: 1 }) }
  return { status: 200, json: buildAction() }
}
