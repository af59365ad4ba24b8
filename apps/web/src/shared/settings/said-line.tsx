import { useEffect, useEffectEvent, useRef } from 'react'

/** What was just done; another object each time, also where the words are the same. */
export type Said = { words: string }

/** Says what was just done. `read`: the list below, as it was read last. */
export function SaidLine({ said, read }: { said: Said | null; read: unknown }) {
  const line = useRef<HTMLParagraphElement>(null)
  const seen = useRef(read)
  // What was pressed may be gone from the list that is read after it: then the focus goes beside what came of it, once, and not while a
  // dialog still shows something.
  const due = useRef<'no' | 'said' | 'read'>('no')
  const look = useEffectEvent(() => {
    if (due.current !== 'read' || document.querySelector('dialog[open]') !== null) return
    due.current = 'no'
    if (document.activeElement === document.body) line.current?.focus()
  })
  useEffect(() => {
    if (said !== null) due.current = 'said'
  }, [said])
  useEffect(() => {
    if (seen.current === read) return
    seen.current = read
    if (due.current === 'said') due.current = 'read'
    look()
  }, [read])
  useEffect(() => {
    // After whoever closes a dialog has put the focus where they want it.
    const later = () => setTimeout(() => look())
    // Of a dialog it does not bubble.
    document.addEventListener('close', later, true)
    return () => document.removeEventListener('close', later, true)
  }, [])
  return (
    <p className="settings-said" role="status" ref={line} tabIndex={-1}>
      {said?.words}
    </p>
  )
}
