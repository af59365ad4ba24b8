import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { toAgentWords } from '../../shared/agent-text.tsx'
import { useServerNow } from '../../shared/server-clock.ts'
import { Time } from '../../shared/time.tsx'
import { toUndoWords } from './undo-words.ts'

/** Whether it can be taken back now, in a word or two; muted where it cannot. */
export function UndoText({ action }: { action: Pick<ExternalActionSummary, 'state' | 'undo' | 'mode'> }) {
  const { words, until, open } = toUndoWords(action, useServerNow())
  return (
    <span className={open ? undefined : 'muted'} title={toAgentWords(action.undo.text)}>
      {words} {until !== null && <Time at={until} form="short" />}
    </span>
  )
}
