import { useEffect, useRef, type ReactNode } from 'react'
import { describeProblem } from '../describe-problem.ts'

type Props = {
  title: string
  children: ReactNode
  /** Of the button: `Disable`. */
  act: string
  /** While it runs: `Disabling`. */
  acting: string
  pending: boolean
  /** What is still to be typed or chosen; null: it can be sent. */
  missing: string | null
  error: unknown
  /** It was done, and nothing is left to be shown here: the dialog closes. */
  done?: boolean
  onSend: () => void
  onClose: () => void
}

/** One act on a person or a key: what it means, why, and one button. What was typed stays whatever the server says. */
export function SettingsDialog({ title, children, act, acting, pending, missing, error, done = false, onSend, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
  }, [])
  // Natively first: until then everything behind it is inert, and nothing there can take the focus back.
  useEffect(() => {
    if (done) dialog.current?.close()
  }, [done])
  const problem = error === null ? null : describeProblem(error)
  return (
    <dialog ref={dialog} className="settingsdialog" aria-label={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (missing === null && !pending) onSend()
        }}
      >
        <h2 className="v" dir="auto">
          {title}
        </h2>
        {children}
        <div role="alert">
          {problem !== null && (
            <p className="settings-refused">
              <strong>{problem.what}</strong> {problem.todo} {problem.requestId !== null && <code>{problem.requestId}</code>}
            </p>
          )}
        </div>
        <div className="dialog-act">
          <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button className="btn lg primary" type="submit" aria-disabled={missing !== null || pending}>
            {pending ? acting : missing === null ? act : `${act}: ${missing}`}
          </button>
        </div>
      </form>
    </dialog>
  )
}
