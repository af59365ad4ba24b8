import { sha256Hex } from './hashes.ts'
import { readPayloadText } from './judge-payload-text.ts'
import type { Check } from './receipt-check.ts'

/** The payload is one, in its own canonical form, and the one that the revision is about. */
export const checkPayload: Check<never, 'payload'> = ({ payload: text, revision }) => {
  const payload = readPayloadText(text)
  if (payload === null) return { where: 'payload', detail: 'it is no payload of version 1 in its own canonical form' }
  const hash = sha256Hex(text)
  if (hash !== revision.payload_hash) return { where: 'revision.payload_hash', detail: `the payload has the hash ${hash}` }
  if (payload.mode !== revision.mode) return { where: 'revision.mode', detail: `the payload says ${payload.mode}` }
  return { payload }
}
