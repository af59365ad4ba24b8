import { useEffect, useRef } from 'react'

/** What was just done. `read`: the list below, as it was read last. */
export function SaidLine({ said, read }: { said: string; read: unknown }) {
  const line = useRef<HTMLParagraphElement>(null)
  const seen = useRef(read)
  const due = useRef(false)
  useEffect(() => {
    due.current = said !== ''
  }, [said])
  // What was pressed may be gone from the list that is read after it: the focus stays beside what came of it, and is taken once.
  useEffect(() => {
    if (seen.current === read) return
    seen.current = read
    if (!due.current) return
    due.current = false
    if (document.activeElement === document.body) line.current?.focus()
  }, [read])
  return (
    <p className="settings-said" role="status" ref={line} tabIndex={-1}>
      {said}
    </p>
  )
}
