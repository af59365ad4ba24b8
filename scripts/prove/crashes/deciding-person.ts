import { setTimeout as delay } from 'node:timers/promises'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { readPayload } from '@autopack/approval-proof/payload'
import { renderAction } from '@autopack/approval-proof/render-action'
import { openConsoleHeaders } from '../console-headers.ts'

export type PersonSecrets = { instanceKey: string; privateKey: string; assertionJwks: string }
export type Answer = { status: number; json: Record<string, unknown> }

export type Decided = { action_id: string; revision: number; payload_hash: string }

/** Somebody who decides through the console, and asks again when nobody answers: the first answer that is not a failure of the server. */
export type DecidingPerson = {
  approve: (action: Decided, payload: string) => Promise<Answer>
  revoke: (action: Decided) => Promise<Answer>
  /** Says that an execution whose outcome is unknown was completed. */
  resolve: (action: Decided, executionId: string) => Promise<Answer>
  /** Over everything that goes to one provider. */
  engageBrake: (provider: string) => Promise<Answer>
  releaseBrake: (brakeId: string) => Promise<Answer>
}

const patienceMs = 45_000
const reason = 'It is what I want.'

/** Speaks for the console: instance key and an assertion for exactly each request, signed with the key in the data folder. */
export function openPerson(options: { origin: string; operatorId: string; secrets: PersonSecrets }): DecidingPerson {
  const headersFor = openConsoleHeaders(options.secrets)

  async function post(target: string, value: unknown): Promise<Answer> {
    const body = JSON.stringify(value)
    for (const deadline = performance.now() + patienceMs; ;) {
      try {
        const headers = { 'content-type': 'application/json', ...headersFor(options.operatorId, 'POST', target, body) }
        const response = await fetch(`${options.origin}${target}`, { method: 'POST', headers, body, signal: AbortSignal.timeout(20_000) })
        const json = (await response.json()) as Record<string, unknown>
        if (response.status < 500) return { status: response.status, json }
        if (performance.now() > deadline) return { status: response.status, json }
      } catch (error) {
        if (performance.now() > deadline) throw error
      }
      await delay(100)
    }
  }

  const about = ({ action_id }: Decided, act: string, body: object) => post(`/operator/external-actions/${action_id}/${act}`, { ...body, reason })
  return {
    approve: (action, payload) => about(action, 'decision', toApproval(action.revision, payload)),
    revoke: (action) => about(action, 'revoke', { kind: 'revoke', revision: action.revision, payload_hash: action.payload_hash }),
    resolve: (action, execution_id) => about(action, 'resolve', { execution_id, outcome: 'completed', looked_at: "The shop's own record." }),
    engageBrake: (provider) => post('/operator/control/brake', { scope: { kind: 'provider', id: provider }, reason }),
    releaseBrake: (brake_id) => post('/operator/control/brake/release', { brake_id, reason }),
  }
}

function toApproval(revision: number, text: string): object {
  const read = readPayload(text)
  if (!read.ok) throw new Error(read.detail)
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation)!
  return {
    kind: 'approve',
    revision,
    payload_hash: read.hash,
    descriptor: { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) },
    display_sha256: renderAction(read.payload, descriptor).display_sha256,
  }
}
