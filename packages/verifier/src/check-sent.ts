import { encodeRequest } from './encode-request.ts'
import { sha256Hex } from './hashes.ts'
import type { Check } from './receipt-check.ts'

/** What was sent is what was approved, byte for byte. */
export const checkSent: Check<'payload' | 'descriptor'> = ({ executions, revision }, { payload, descriptor }) => {
  const execution = executions[0]
  if (execution === undefined) return {}
  const { claim, outcome } = execution
  const hash = sha256Hex(encodeRequest(payload, descriptor))
  if (hash !== claim.expected_sha256)
    return { where: 'executions[0].claim.expected_sha256', detail: `the payload is sent as bytes of the hash ${hash}` }
  if (outcome === null) return {}
  const where = 'executions[0].outcome.sent_sha256'
  if (outcome.sent_sha256 !== null && outcome.sent_sha256 !== hash) return { where, detail: 'other bytes were sent than were approved' }
  if (outcome.outcome === 'completed' && outcome.sent_sha256 === null) return { where, detail: 'nobody says which bytes were sent' }
  if (revision.mode === 'dry_run' && outcome.sent === 'yes') return { where: 'executions[0].outcome.sent', detail: 'something was sent in a dry run' }
  return {}
}
