import { createHash, createPrivateKey, randomUUID, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { findDescriptor } from '@autopack/action-catalog/catalog'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { readPayload } from '@autopack/approval-proof/payload'
import { renderAction } from '@autopack/approval-proof/render-action'

export type PersonSecrets = { instanceKey: string; privateKey: string; assertionJwks: string }
export type Answer = { status: number; json: Record<string, unknown> }

/** Somebody who decides through the console, and asks again when nobody answers. */
export type DecidingPerson = {
  /** The first answer that is not a failure of the server. */
  approve: (action: { action_id: string; revision: number }, payload: string) => Promise<Answer>
}

const patienceMs = 45_000

/** Speaks for the console: instance key and an assertion for exactly each request, signed with the key in the data folder. */
export function openPerson(options: { origin: string; operatorId: string; secrets: PersonSecrets }): DecidingPerson {
  const read = (path: string) => readFileSync(path, 'utf8').trim()
  const instanceKey = read(options.secrets.instanceKey)
  const key = createPrivateKey(read(options.secrets.privateKey))
  const { kid } = (JSON.parse(read(options.secrets.assertionJwks)) as { keys: { kid: string }[] }).keys[0]!

  function assert(method: string, target: string, body: string): string {
    const now = Math.floor(Date.now() / 1_000)
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = {
      iss: 'autopack-bff',
      aud: 'autopack-control-plane',
      sub: options.operatorId,
      sid: sha256(options.operatorId),
      amr: ['pwd'],
      auth_time: now - 30,
      iat: now,
      exp: now + 60,
      jti: randomUUID(),
      htm: method,
      htp: target,
      bh: sha256(body),
    }
    const signed = `${encode({ alg: 'EdDSA', typ: 'op-assertion+jwt', kid })}.${encode(claims)}`
    return `${signed}.${sign(null, Buffer.from(signed), key).toString('base64url')}`
  }

  async function post(target: string, value: unknown): Promise<Answer> {
    const body = JSON.stringify(value)
    for (const deadline = performance.now() + patienceMs; ;) {
      try {
        const headers = { 'content-type': 'application/json', 'x-api-key': instanceKey, 'x-operator-assertion': assert('POST', target, body) }
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

  return {
    approve: (action, payload) => post(`/operator/external-actions/${action.action_id}/decision`, toApproval(action.revision, payload)),
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
    reason: 'It is what I asked for.',
  }
}
