import { sha256 as pureSha256 } from '@noble/hashes/sha2.js'
import { believeCheckpoints } from './checkpoint.ts'
import type { BelievedCheckpoint } from './checkpoint.ts'
import { LogCheck, logStart } from './log-check.ts'
import type { LogFault } from './log-check.ts'
import type { LogEntry } from './log-entry.ts'
import { readLogEntry } from './log-entry.ts'
import type { Sha256 } from './merkle-tree.ts'
import { NoteError } from './signed-note.ts'

/** `checkpoints`: those that the log holds against, in the order of their sizes. */
export type AuditVerdict =
  | { ok: true; count: number; head: string; checkpoints: readonly BelievedCheckpoint[] }
  | ({ ok: false } & (LogFault | { reason: 'checkpoint_key'; seq: null; until: null; detail: string }))

export type AuditLogOptions = {
  /** Notes; every one of them has to hold. */
  checkpoints?: readonly string[] | undefined
  /** Rotation notes, the oldest first. */
  rotations?: readonly string[] | undefined
  /** Verifier keys that the reader got from somewhere else than this log. */
  trustedKeys?: readonly string[] | undefined
  /** What the deployment says its keys are, the oldest first; the first counts where the reader trusts none. */
  keys?: readonly string[] | undefined
  /** Called with each event that follows the one before it, in their order; what is found later may say that it was not what was signed. */
  onEntry?: ((entry: LogEntry) => void) | undefined
  /** Called now and then with how many events hold so far, and at the end. */
  onProgress?: ((count: number) => void) | undefined
  signal?: AbortSignal | undefined
  sha256?: Sha256 | undefined
}

/** How long a check keeps a page from drawing. */
const pauseEveryMs = 50

/**
 * Verifies an exported audit log, one JSON object a line: `{"seq","prev","hash","event"}`, oldest first, from seq 1 (docs/evidence.md).
 * Says at which seq the log stops being what was written, and how it differs. Reads line by line: memory does not grow with the log.
 * A log cut off at its end, or written anew as a whole, still holds in itself: only checkpoints show that.
 * Rejects with the signal's reason when it is aborted, and with MissingWebCryptoError where no signature can be checked.
 */
export async function verifyAuditLog(lines: AsyncIterable<string> | Iterable<string>, options: AuditLogOptions = {}): Promise<AuditVerdict> {
  const { onEntry, onProgress, signal, sha256 = pureSha256 } = options
  let checkpoints: BelievedCheckpoint[]
  try {
    const facts = { trusted: options.trustedKeys ?? [], stated: options.keys ?? [], rotations: options.rotations ?? [] }
    checkpoints = await believeCheckpoints(options.checkpoints ?? [], facts)
  } catch (error) {
    if (!(error instanceof NoteError)) throw error
    return { ok: false, reason: 'checkpoint_key', seq: null, until: null, detail: error.message }
  }
  const check = new LogCheck(checkpoints, sha256)
  let state = logStart
  // What is behind a missing entry counts no further, and takes as long.
  let read = 0
  let pausedAt = performance.now()
  for await (const line of lines) {
    if (line === '') continue
    const entry = readLogEntry(line)
    const taken = check.take(state, entry)
    if ('fault' in taken) return { ok: false, ...taken.fault }
    state = taken.state
    read += 1
    if (typeof entry !== 'string') onEntry?.(entry)
    if (read % 256 !== 0 || performance.now() - pausedAt < pauseEveryMs) continue
    onProgress?.(state.count)
    // Without a pause no page could draw, and nobody could stop it.
    await new Promise((resume) => setTimeout(resume, 0))
    signal?.throwIfAborted()
    pausedAt = performance.now()
  }
  const fault = check.end(state)
  if (fault !== null) return { ok: false, ...fault }
  onProgress?.(state.count)
  return { ok: true, count: state.count, head: state.head, checkpoints }
}
