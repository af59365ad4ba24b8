import { catalog, findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { readPayload } from '@autopack/approval-proof/payload'
import { renderAction } from '@autopack/approval-proof/render-action'
import { request } from '@playwright/test'
import { askConsole } from './ask-console.ts'
import { renewSession } from './renew-session.ts'
import { console_ } from './running-console.ts'
import type { RoleName } from './running-console.ts'

/** Approves the way the page does, for tests that are about something else: from the bytes, bound to what they render to. */
export async function approveAction(role: RoleName, actionId: string, reason: string): Promise<number> {
  const action = await askConsole(role, `/api/external-actions/${actionId}`)
  const read = readPayload(await askConsole(role, `/api/external-actions/${actionId}/payload`, 'bytes'))
  if (!read.ok) throw new Error(`the payload of ${actionId} is not canonical; the catalog has ${catalog.length} kinds`)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  return decide(role, actionId, {
    kind: 'approve',
    revision: action.revision,
    payload_hash: read.hash,
    descriptor: descriptor && { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
    display_sha256: renderAction(read.payload, descriptor).display_sha256,
    reason,
  })
}

export async function rejectAction(role: RoleName, actionId: string, reason: string): Promise<number> {
  const { revision, payload_hash } = await askConsole(role, `/api/external-actions/${actionId}`)
  return decide(role, actionId, { kind: 'reject', reject_kind: 'never', revision, payload_hash, reason })
}

async function decide(role: RoleName, actionId: string, data: unknown): Promise<number> {
  const context = await request.newContext({
    baseURL: console_.origin,
    storageState: await renewSession(role),
    extraHTTPHeaders: { origin: console_.origin, 'x-csrf': '1' },
  })
  const answer = await context.post(`/api/external-actions/${actionId}/decision`, { data })
  await context.dispose()
  return answer.status()
}
