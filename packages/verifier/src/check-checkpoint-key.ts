import { believeCheckpoints } from './checkpoint.ts'
import type { Findings, ReceiptFault } from './receipt-check.ts'
import type { Receipt } from './receipt.ts'
import { NoteError } from './signed-note.ts'

/** The checkpoint is one, and was signed by a key that the reader believes. Throws MissingWebCryptoError. */
export async function checkCheckpointKey(receipt: Receipt, trusted: readonly string[]): Promise<ReceiptFault | Pick<Findings, 'checkpoint'>> {
  try {
    const [checkpoint] = await believeCheckpoints([receipt.checkpoint], { trusted, stated: receipt.keys, rotations: receipt.rotations })
    return { checkpoint: checkpoint! }
  } catch (error) {
    if (!(error instanceof NoteError)) throw error
    return { where: 'checkpoint', detail: error.message }
  }
}
