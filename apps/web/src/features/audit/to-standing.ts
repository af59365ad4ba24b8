import type { KnownLog } from '../../shared/evidence/last-check.ts'
import { formatCount } from '../../shared/format-count.ts'
import type { MarkKind } from '../../shared/state-mark.tsx'

export type Standing = { kind: MarkKind; label: string }

/** How the log stands by what this browser found out itself: only that is called intact. `status`: how long the console says the log is, and when it said so. */
export function toStanding(known: KnownLog | null, status: { size: number; readAtMs: number } | null): Standing {
  if (known === null) return { kind: 'idle', label: 'Not checked in this browser yet' }
  const { last } = known
  if (!last.ok) return { kind: 'failed', label: last.seq === null ? 'Did not hold' : `Did not hold at ${formatCount(last.seq)}` }
  // What was said before the check says nothing about what the check read.
  const size = status !== null && status.readAtMs > Date.parse(last.at) ? status.size : last.count
  if (size < last.count) return { kind: 'failed', label: `Shorter than when it was checked: ${formatCount(last.count)} then` }
  // A chain that was never checkpointed could have been written anew as a whole.
  if (last.checkpoints === 0) return { kind: 'idle', label: 'Holds together, without a checkpoint' }
  if (last.keys === 'console') return { kind: 'idle', label: 'Holds together, by a key not known before' }
  const { signed = last.count } = last
  return { kind: 'ok', label: size > signed ? `Intact to ${formatCount(signed)}` : 'Intact' }
}
