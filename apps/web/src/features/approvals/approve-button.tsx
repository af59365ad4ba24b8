import { useEffect, useEffectEvent, useRef } from 'react'
import { ConfirmKeys } from '../../shared/confirm-keys.tsx'
import { Icon, type IconName } from '../../shared/icon.tsx'

type Props = {
  armed: boolean
  words: string
  icon?: IconName | undefined
  /** Id of what says why it is not armed. */
  describedBy: string
  /** It stands in a dialog; otherwise an open dialog takes its key away. */
  inDialog?: boolean
  /** For the passkey, so that no key does anything here. */
  waiting?: boolean
  onApprove: () => void
  onNotYet: () => void
}

/**
 * The deliberate act. Never the default focus; neither Enter nor Space on it approves, only a press or Ctrl/Command+Enter, and only while
 * armed: a press that began before it was armed, the second of a double click and a click by a script are none. Not armed it stays in the
 * tab order and says why through `describedBy`; pressing it then asks `onNotYet` to show what is missing.
 */
export function ApproveButton({ armed, words, icon, describedBy, inDialog = false, waiting = false, onApprove, onNotYet }: Props) {
  const begunWhileArmed = useRef(false)
  useEffect(() => {
    if (!armed) begunWhileArmed.current = false
  }, [armed])
  const takeKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return
    if (event.repeat || event.isComposing || event.defaultPrevented || !event.isTrusted) return
    if ((document.querySelector('dialog[open]') !== null) !== inDialog) return
    event.preventDefault()
    if (armed) onApprove()
    else onNotYet()
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
      onPointerDown={() => {
        begunWhileArmed.current = armed
      }}
      onClick={(event) => {
        // `detail` is 0 for assistive technology, which presses without a pointer.
        const meant = event.isTrusted && event.detail < 2 && (event.detail === 0 || begunWhileArmed.current)
        begunWhileArmed.current = false
        if (armed && meant) onApprove()
        else onNotYet()
      }}
      onKeyDown={(event) => {
        if ((event.key === 'Enter' && !event.metaKey && !event.ctrlKey) || event.key === ' ') event.preventDefault()
      }}
      onKeyUp={(event) => {
        if (event.key === ' ') event.preventDefault()
      }}
    >
      {icon !== undefined && <Icon name={icon} />}
      {words}
      {!waiting && <ConfirmKeys />}
    </button>
  )
}
