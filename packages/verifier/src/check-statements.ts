import { toCanonicalEvent } from './canonical-event.ts'
import { readJson } from './read-json.ts'
import { latestExecuteBy } from './deadlines.ts'
import type { Check, ReceiptFault } from './receipt-check.ts'
import type { Receipt, SignatureRecord, ToldDecision } from './receipt.ts'
import { members, text } from './shape.ts'
import type { Shape } from './shape.ts'

/** What a statement says besides what the receipt knows: only its form can be told. */
const ownWords = members(
  {
    console_build: text(/^[\x21-\x7e]{1,200}$/, 'the name of a build'),
    renderer_version: text(/^[0-9]{1,9}$/, 'the number of a version'),
    nonce: text(/^[A-Za-z0-9_-]{16,200}$/, 'a nonce'),
  },
  'others',
)

/** Every signed statement says what the receipt says, and nothing else. */
export const checkStatements: Check<never> = (receipt) => {
  for (const [place, decision] of receipt.decisions.entries()) {
    if (decision.record !== 'decision' || decision.signature === null) continue
    const fault = findFault(receipt, decision, decision.signature, `decisions[${place}].signature.statement`)
    if (fault !== null) return fault
  }
  return {}
}

function findFault(receipt: Receipt, decision: ToldDecision, signature: SignatureRecord, where: string): ReceiptFault | null {
  let said: unknown
  try {
    said = readJson(signature.statement, 32)
    if (toCanonicalEvent(said) !== signature.statement) return { where, detail: 'it is not in its canonical form' }
  } catch (error) {
    return { where, detail: `it cannot be read: ${(error as Error).message}` }
  }
  const { revision, action } = receipt
  const executeBy = latestExecuteBy(revision)
  if (executeBy === null) return { where, detail: 'no moment is the end of the time to execute' }
  const expected: Record<string, unknown> = {
    v: 'autopack-approval/1',
    purpose: 'approve',
    action: { id: action.id, revision: action.revision, payload_hash: revision.payload_hash },
    descriptor: revision.descriptor,
    display_sha256: decision.display_sha256,
    mode: revision.mode,
    approver: { sub: decision.operator_id },
    requested_by: revision.requested_by,
    decide_by: revision.decide_by,
    execute_by: executeBy,
  }
  const shapes = Object.fromEntries(Object.entries(expected).map(([name, value]) => [name, exactly(value)]))
  const own = ownWords(said, '')
  const misfit = own ?? members({ ...shapes, console_build: anything, renderer_version: anything, nonce: anything })(said, '')
  return misfit === null ? null : { where: misfit.where === '' ? where : `${where}: ${misfit.where}`, detail: misfit.detail }
}

const anything: Shape = () => null

function exactly(value: unknown): Shape {
  const canonical = toCanonicalEvent(value)
  return (said, where) => (toCanonicalEvent(said) === canonical ? null : { where, detail: `the receipt says ${canonical}` })
}
