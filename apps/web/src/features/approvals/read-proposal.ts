import { descriptorSha256 } from '@autopack/action-catalog/descriptor-sha256'
import { loadDescriptor } from '@autopack/action-catalog/load-descriptor'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { readPayload, type Payload } from '@autopack/approval-proof/payload'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { renderAction, type RenderedAction } from '@autopack/approval-proof/render-action'
import { rendererVersion } from '@autopack/approval-proof/renderer-version'
import { seal } from '@autopack/approval-proof/seal'
import type { ExternalAction } from '@autopack/contract/external-actions'

export type DescriptorReference = { id: string; version: number; sha256: string }

/** A proposal as this browser read it from the payload's bytes; nothing in it was believed from the server. */
export type Proposal = {
  revision: number
  bytes: Uint8Array
  /** SHA-256 of exactly these bytes, computed here. */
  hash: string
  seal: string
  payload: Payload | null
  rendered: RenderedAction | null
  renderer_version: string
  descriptor: Descriptor | null
  descriptor_reference: DescriptorReference | null
  /** Why the bytes cannot be read as a payload; null when they can. */
  unreadable: string | null
  /** Where the bytes and the server disagree, in words. With one of these nothing may be approved. */
  differences: string[]
}

/** What this console was built to know about the kind of action that these bytes say they are; null when nobody described it. */
export async function loadDescriptorOf(bytes: Uint8Array): Promise<Descriptor | null> {
  const read = readPayload(bytes)
  return read.ok ? loadDescriptor(read.payload.provider, read.payload.operation) : null
}

/**
 * Reads the payload's bytes with what loadDescriptorOf answered for them, and compares everything that can be recomputed with what the
 * server says of the action. `action` is what `GET …/external-actions/{id}` answered; `bytes` what `…/payload` did for the same revision.
 */
export function readProposal(action: ExternalAction, bytes: Uint8Array, descriptor: Descriptor | null): Proposal {
  const hash = payloadHash(bytes)
  const read = readPayload(bytes)
  const payload = read.ok ? read.payload : null
  const reference = descriptor === null ? null : { id: descriptor.id, version: descriptor.version, sha256: descriptorSha256(descriptor) }
  const rendered = payload === null ? null : renderAction(payload, descriptor)
  return {
    revision: action.revision,
    bytes,
    hash,
    seal: seal(hash),
    payload,
    rendered,
    renderer_version: rendererVersion,
    descriptor,
    descriptor_reference: reference,
    unreadable: read.ok ? null : `${read.detail} (${read.at === '' ? 'at the top' : read.at})`,
    differences: listDifferences(action, { hash, payload, reference, rendered }),
  }
}

type Computed = { hash: string; payload: Payload | null; reference: DescriptorReference | null; rendered: RenderedAction | null }

function listDifferences(action: ExternalAction, computed: Computed): string[] {
  const { hash, payload, reference, rendered } = computed
  const differences: string[] = []
  if (hash !== action.payload_hash) differences.push('The server’s payload hash is not the hash of these bytes.')
  if (seal(hash) !== action.seal) differences.push('The server’s seal is not the seal of these bytes.')
  if (payload === null || rendered === null) return [...differences, 'These bytes are not a payload that this console can read.']
  if (payload.provider !== action.provider || payload.operation !== action.operation) {
    differences.push(`The bytes say ${payload.provider}.${payload.operation}, the server says ${action.provider}.${action.operation}.`)
  }
  if (payload.mode !== action.mode) differences.push(`The bytes say ${payload.mode}, the server says ${action.mode}.`)
  if (payload.cost?.amount_minor !== action.cost?.amount_minor || payload.cost?.currency !== action.cost?.currency) {
    differences.push('The cost in the bytes is not the cost the server shows.')
  }
  if (!sameReference(reference, action.descriptor)) {
    differences.push('The description of this kind of action here is not the one in force on the server: reload the page.')
  } else if (rendered.blind !== action.blind || rendered.coverage.explained !== action.coverage.explained) {
    differences.push('This browser explains other fields than the server.')
  }
  return differences
}

function sameReference(one: DescriptorReference | null, other: DescriptorReference | null): boolean {
  return one?.id === other?.id && one?.version === other?.version && one?.sha256 === other?.sha256
}
