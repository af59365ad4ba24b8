import { hexToBytes } from '@noble/hashes/utils.js'
import type { Checkpoint } from './checkpoint.ts'
import { firstPrev, hashLogEntry } from './log-entry.ts'
import type { LogEntry } from './log-entry.ts'
import { appendLeaf, emptyEdge, rootOf } from './merkle-tree.ts'
import type { Sha256, TreeEdge } from './merkle-tree.ts'

/**
 * What does not hold, and from which entry on (`seq`). `cut`: the log ends before the checkpoint of size `until`. `rewritten`: the chain
 * holds, and is another one than was checkpointed: something from `seq` to `until` was changed, and everything after it hashed anew; or two
 * checkpoints of the size `until` disagree.
 */
export type LogFault =
  | { reason: 'changed' | 'missing' | 'inserted' | 'reordered' | 'malformed'; seq: number; until: null; detail: string }
  | { reason: 'cut' | 'rewritten'; seq: number; until: number; detail: string }

/** How far a log holds: everything that the rest is checked against, so that a check can go on from any entry. Never changed. */
export type LogState = {
  count: number
  head: string
  edge: TreeEdge
  /** How many of the checkpoints hold already. */
  passed: number
  /** The seq that was left out, and the one that stands in its place: whether it comes later tells a swap from a deletion. */
  gap: { seq: number; seen: number } | null
}

export const logStart: LogState = { count: 0, head: firstPrev, edge: emptyEdge, passed: 0, gap: null }

/** Checks entries of a log against each other and against checkpoints in the order of their sizes. */
export class LogCheck {
  readonly #checkpoints: readonly Checkpoint[]
  readonly #sha256: Sha256
  constructor(checkpoints: readonly Checkpoint[], sha256: Sha256) {
    this.#checkpoints = checkpoints
    this.#sha256 = sha256
  }

  /** The state after one more line (an entry, or why there is none), or what does not hold. */
  take(state: LogState, entry: LogEntry | string): { state: LogState } | { fault: LogFault } {
    const seq = state.count + 1
    if (typeof entry === 'string') return fault('malformed', state.gap?.seq ?? seq, entry)
    if (state.gap !== null) {
      if (entry.seq !== state.gap.seq) return { state }
      return fault('reordered', entry.seq, `seq ${state.gap.seen} stands before it`)
    }
    if (entry.seq > seq) return { state: { ...state, gap: { seq, seen: entry.seq } } }
    if (entry.seq < seq) return fault('inserted', entry.seq, `a second event with seq ${entry.seq} stands where seq ${seq} belongs`)
    if (entry.prev !== state.head) {
      return fault('changed', seq, 'its prev is not the hash of the event before it: this event or one before it was replaced')
    }
    if (hashLogEntry(entry, this.#sha256) !== entry.hash) return fault('changed', seq, 'its content does not have the hash that was recorded')
    // Without checkpoints there is no root to compare.
    const edge = this.#checkpoints.length === 0 ? state.edge : appendLeaf(state.edge, hexToBytes(entry.hash), this.#sha256)
    return this.#pass({ count: seq, head: entry.hash, edge, passed: state.passed, gap: null })
  }

  /** What does not hold of a log that ends here; null: all of it holds. */
  end(state: LogState): LogFault | null {
    if (state.gap !== null) {
      const { seq, seen } = state.gap
      return fault('missing', seq, `seq ${seen} follows seq ${seq - 1}: ${seen - seq} missing`).fault
    }
    const open = this.#checkpoints[state.passed]
    if (open === undefined) return null
    const detail = `the log ends with seq ${state.count}, and the checkpoint of ${open.time} covers ${open.size}`
    return { reason: 'cut', seq: state.count + 1, until: open.size, detail }
  }

  /** Compares with every checkpoint of this size. */
  #pass(state: LogState): { state: LogState } | { fault: LogFault } {
    let { passed } = state
    for (; this.#checkpoints[passed]?.size === state.count; passed += 1) {
      const { size, head, root, time } = this.#checkpoints[passed]!
      if (head === state.head && root === rootOf(state.edge, this.#sha256)) continue
      const before = this.#checkpoints.findLast((one) => one.size < size)
      const where =
        before === undefined ? `before the first checkpoint, of size ${size}` : `between the checkpoints of sizes ${before.size} and ${size}`
      const detail = this.#checkpoints.some((one) => one.size === size && (one.head !== head || one.root !== root))
        ? `two checkpoints of size ${size} disagree: no log holds against both`
        : `the chain was written anew ${where}: entry ${size} is not the one that was checkpointed at ${time}`
      return { fault: { reason: 'rewritten', seq: (before?.size ?? 0) + 1, until: size, detail } }
    }
    return { state: passed === state.passed ? state : { ...state, passed } }
  }
}

function fault(reason: Exclude<LogFault['reason'], 'cut' | 'rewritten'>, seq: number, detail: string) {
  return { fault: { reason, seq, until: null, detail } satisfies LogFault }
}
