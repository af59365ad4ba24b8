import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import type { BodyOf } from '@autopack/contract/route'
import type { decideExternalAction } from '@autopack/contract/operator-actions'

export type BindingFacts = {
  revision: number
  /** Recomputed from the stored bytes, hex. */
  payload_hash: string
  /** Of the catalog in force; null: nobody has described this kind of action. */
  descriptor: Descriptor | null
  /** As stored with the revision, hex; null without a descriptor. */
  stored_descriptor_sha256: string | null
  /** Of the rendering that this server makes of the stored bytes, hex. */
  display_sha256: string
}

export type BindingRefusal = { code: 'superseded' | 'stale_revision' | 'hash_mismatch' | 'policy_mismatch'; detail: string }

/**
 * Why a decision is not about what stands, or null. A rejection names revision and hash only: nobody has to understand an action in
 * order to refuse it.
 */
export function findBindingRefusal(body: BodyOf<typeof decideExternalAction>, facts: BindingFacts): BindingRefusal | null {
  if (body.revision < facts.revision) {
    return { code: 'superseded', detail: `Revision ${facts.revision} took the place of the one you read; read it and decide again.` }
  }
  if (body.revision !== facts.revision) {
    return { code: 'stale_revision', detail: `Revision ${facts.revision} is in force; read it and decide again.` }
  }
  if (body.payload_hash !== facts.payload_hash) {
    return { code: 'hash_mismatch', detail: 'The payload hash in your decision is not the hash of the stored bytes. Do not approve; reload.' }
  }
  if (body.kind !== 'approve') return null
  const reference =
    facts.descriptor === null ? null : { id: facts.descriptor.id, version: facts.descriptor.version, sha256: descriptorSha256(facts.descriptor) }
  if ((reference?.sha256 ?? null) !== facts.stored_descriptor_sha256) {
    return {
      code: 'policy_mismatch',
      detail: 'This kind of action is described differently now than when it was proposed. It has to be proposed again.',
    }
  }
  const same =
    body.descriptor?.id === reference?.id && body.descriptor?.version === reference?.version && body.descriptor?.sha256 === reference?.sha256
  if (!same) return { code: 'policy_mismatch', detail: 'Your console describes this kind of action differently than this server. Reload the page.' }
  if (body.display_sha256 !== facts.display_sha256) {
    return { code: 'policy_mismatch', detail: 'What your console showed is not how this server shows these bytes. Reload the page.' }
  }
  return null
}
