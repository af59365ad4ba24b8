import { useEffect, useEffectEvent } from 'react'
import { ConfirmKeys } from '../../shared/confirm-keys.tsx'

/**
 * The deliberate act. Never the default focus; neither Enter nor Space on it approves, only a press or Ctrl/Command+Enter, and only while
 * armed. Not armed it stays in the tab order and says why through `describedBy`; pressing it then asks `onNotYet` to show what is missing.
 */
export function ApproveButton(props: { armed: boolean; words: string; describedBy: string; onApprove: () => void; onNotYet: () => void }) {
  const { armed, words, describedBy, onApprove, onNotYet } = props
  const press = armed ? onApprove : onNotYet
  const takeKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return
    if (event.repeat || event.isComposing || event.defaultPrevented || document.querySelector('dialog[open]') !== null) return
    event.preventDefault()
    press()
  })
  useEffect(() => {
    document.addEventListener('keydown', takeKey)
    return () => document.removeEventListener('keydown', takeKey)
  }, [])
  return (
    <button
      className="btn primary lg sign"
      type="button"
      aria-disabled={!armed}
      aria-describedby={describedBy}
      aria-keyshortcuts="Control+Enter Meta+Enter"
      onClick={press}
      onKeyDown={(event) => {
        if ((event.key === 'Enter' && !event.metaKey && !event.ctrlKey) || event.key === ' ') event.preventDefault()
      }}
      onKeyUp={(event) => {
        if (event.key === ' ') event.preventDefault()
      }}
    >
      {words}
      <ConfirmKeys />
    </button>
  )
}
