import type { ExternalActionSummary } from '@autopack/contract/external-actions'

type Undoable = Pick<ExternalActionSummary, 'state' | 'undo' | 'mode'>
export type UndoWords = { words: string; until: string | null; open: boolean }

/** Whether the effect can be taken back at this moment, and until when. `open`: there is something to take back, and a way to do it. */
export function toUndoWords({ state, undo, mode }: Undoable, nowMs: number): UndoWords {
  if (mode === 'dry_run' || ['REJECTED', 'REVOKED', 'EXPIRED', 'CANCELLED', 'SIMULATED'].includes(state)) return quiet('nothing to undo')
  if (state === 'UNKNOWN') return quiet('look it up first')
  // Whether it was sent all the same is on its page.
  if (state === 'FAILED') return quiet('it failed')
  if (state === 'EXECUTING') return quiet('after it is done')
  if (undo.operation === null) return quiet(undo.text)
  if (state === 'PENDING' || state === 'APPROVED') return quiet('can be undone')
  if (undo.until === null) return { words: 'any time', until: null, open: true }
  return nowMs < Date.parse(undo.until) ? { words: 'until', until: undo.until, open: true } : quiet('closed')
}

function quiet(words: string): UndoWords {
  return { words, until: null, open: false }
}
