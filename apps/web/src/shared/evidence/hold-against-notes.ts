import { readCheckpoint } from '@autopack/verifier/checkpoint'
import { receiptReasons } from '@autopack/verifier/receipt-check'
import type { ReceiptVerdict } from '@autopack/verifier/verify-receipt'

/**
 * A receipt brings a checkpoint of its own. Where somebody here has one of the same log and the same size with another root or head, the log
 * was not the same for both of them: then the receipt does not hold. Checkpoints of other sizes say nothing about it without the log.
 */
export function holdAgainstNotes(verdict: ReceiptVerdict, notes: readonly string[]): ReceiptVerdict {
  if (!verdict.ok) return verdict
  const { origin, size, root, head } = verdict.facts.checkpoint
  const contradicts = notes.map(readNote).some((note) => note?.origin === origin && note.size === size && (note.root !== root || note.head !== head))
  if (!contradicts) return verdict
  const detail = `a checkpoint that you gave or this browser kept says otherwise of the first ${size} events of this log: one of the two is false, or the log was restored in between`
  return { ok: false, reason: 'log', held: receiptReasons, where: 'checkpoint', detail }
}

/** Null: what the reader pasted as a note is no checkpoint. */
function readNote(note: string): ReturnType<typeof readCheckpoint> | null {
  try {
    return readCheckpoint(note)
  } catch {
    return null
  }
}
