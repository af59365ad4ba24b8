import { encodeRequest } from './encode-request.ts'
import { sha256Hex } from './hashes.ts'
import type { Check, ReceiptFault } from './receipt-check.ts'
import type { OutcomeRecord, Receipt } from './receipt.ts'

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
  return findContradiction(outcome, revision.mode) ?? {}
}

/** Where the outcome says what no report can come to in this mode. */
function findContradiction({ outcome, sent }: OutcomeRecord, mode: Receipt['revision']['mode']): ReceiptFault | null {
  const where = 'executions[0].outcome'
  if (mode === 'dry_run' && sent === 'yes') return { where: `${where}.sent`, detail: 'something was sent in a dry run' }
  if (outcome === 'simulated' && mode !== 'dry_run') return { where: `${where}.outcome`, detail: 'only a dry run is simulated' }
  if (outcome === 'completed' && sent !== 'yes') return { where: `${where}.sent`, detail: 'nothing is completed that was not sent' }
  if (outcome === 'simulated' && sent !== 'no') return { where: `${where}.sent`, detail: 'what is simulated is not sent' }
  if (outcome === 'failed' && sent === 'unknown')
    return { where: `${where}.sent`, detail: 'where nobody knows what was sent, the outcome is unknown' }
  return null
}
