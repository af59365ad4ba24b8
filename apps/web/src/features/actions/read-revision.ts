import { loadDescriptor } from '@autopack/action-catalog/load-descriptor'
import { readPayload } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { renderAction } from '@autopack/approval-proof/render-action'

export type RevisionField = { pointer: string; label: string; value_text: string; explained: boolean }
export type ReadRevision = {
  /** SHA-256 of exactly these bytes, computed here. */
  hash: string
  bytes: Uint8Array
  fields: RevisionField[]
  /** Why the bytes cannot be read as a payload; null when they can. */
  unreadable: string | null
}

/** One revision as this browser reads it from its bytes, by the catalog of now. */
export async function readRevision(bytes: Uint8Array): Promise<ReadRevision> {
  const hash = payloadHash(bytes)
  const read = readPayload(bytes)
  if (!read.ok) return { hash, bytes, fields: [], unreadable: read.detail }
  const { payload } = read
  const rendered = renderAction(payload, await loadDescriptor(payload.provider, payload.operation))
  const fields = rendered.fields.map(({ pointer, label, value_text, format }) => ({
    pointer,
    label,
    value_text,
    explained: format !== 'unexplained',
  }))
  return { hash, bytes, fields, unreadable: null }
}
