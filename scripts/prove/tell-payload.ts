import { parseCanonical } from '@autopack/approval-proof/canonical-json'
import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { maxPayloadBytes, readPayload } from '@autopack/approval-proof/payload'

/**
 * What server and browser say about a text. `verdict` is the answer that every implementation gives (PayloadReader); `words` holds rule,
 * place and what to do as well, on which only these two must agree.
 */
export function tellPayload(bytes: Uint8Array): { verdict: string; words: string } {
  const read = readPayload(bytes)
  if (read.ok) return { verdict: `payload ${read.hash}`, words: `payload ${read.hash}` }
  const canonical = bytes.length <= maxPayloadBytes && parseCanonical(bytes).ok
  const verdict = canonical ? `canonical ${payloadHash(bytes)}` : 'refused'
  return { verdict, words: `${verdict} ${JSON.stringify([read.rule, read.at, read.offset, read.detail])}` }
}
