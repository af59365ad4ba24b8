import { canonicalize } from '@autopack/approval-proof/canonical-json'
import type { Descriptor } from '@autopack/approval-proof/descriptor'
import { payloadHash } from '@autopack/approval-proof/payload-hash'

/** SHA-256 of the descriptor's canonical JSON, 64 lower-case hex digits. */
export function descriptorSha256(descriptor: Descriptor): string {
  return payloadHash(canonicalize(descriptor))
}
