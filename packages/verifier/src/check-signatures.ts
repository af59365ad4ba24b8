import { findAssertionFault } from './check-assertion.ts'
import type { Findings, ReceiptFault } from './receipt-check.ts'
import type { Receipt } from './receipt.ts'

const domain = 'autopack-approval/1'

/** Every signature is by a passkey of that person, enrolled before, over exactly its statement. Throws MissingWebCryptoError. */
export async function checkSignatures(
  receipt: Receipt,
  { approvals, seqs }: Pick<Findings, 'approvals' | 'seqs'>,
): Promise<ReceiptFault | Record<never, never>> {
  for (const [place, decision] of receipt.decisions.entries()) {
    if (decision.record !== 'decision') continue
    const where = `decisions[${place}].signature`
    const { signature } = decision
    if ((signature !== null) !== (decision.strength === 'passkey')) {
      return { where, detail: `the decision was made by ${decision.strength}, and ${signature === null ? 'nothing is' : 'it is'} signed` }
    }
    if (signature === null) continue
    const seq = approvals.find((approval) => approval.where === `decisions[${place}]`)?.seq
    if (seq === undefined) return { where, detail: 'only approvals are signed' }
    const passkey = receipt.passkeys.find(({ credential_id }) => credential_id === signature.credential_id)
    if (passkey === undefined) return { where: `${where}.credential_id`, detail: 'its passkey is not in the receipt' }
    if (passkey.operator_id !== decision.operator_id) return { where, detail: 'the passkey belongs to somebody else' }
    if (seqs.get(passkey)! >= seq) return { where, detail: 'the passkey was enrolled after it signed' }
    const detail = await findAssertionFault(signature, passkey, domain)
    if (detail !== null) return { where, detail }
  }
  return {}
}
