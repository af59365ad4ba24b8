import { believeCheckpoints } from './checkpoint.ts'
import type { Findings, ReceiptFault } from './receipt-check.ts'
import type { Receipt } from './receipt.ts'
import { NoteError } from './signed-note.ts'

/**
 * The checkpoint is one, and was signed by a key that the reader believes. The reader's rotations follow those of the receipt: whoever has a
 * key that was replaced leaves that out. Throws MissingWebCryptoError.
 */
export async function checkCheckpointKey(
  receipt: Receipt,
  trusted: readonly string[],
  rotations: readonly string[],
): Promise<ReceiptFault | Pick<Findings, 'checkpoint'>> {
  try {
    const facts = { trusted, stated: receipt.keys, rotations: [...receipt.rotations, ...rotations] }
    const [checkpoint] = await believeCheckpoints([receipt.checkpoint], facts)
    return { checkpoint: checkpoint! }
  } catch (error) {
    if (!(error instanceof NoteError)) throw error
    return { where: 'checkpoint', detail: error.message }
  }
}
