import { useEffect, useRef, type ReactNode } from 'react'
import { CopyButton } from '../copy-button.tsx'

type Props = { title: string; what: string; secret: string; children: ReactNode; onClose: () => void }

/** A secret that nobody can show again. Escape does not lose it: it takes the button. */
export function ShownOnce({ title, what, secret, children, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="settingsdialog shownonce"
      aria-labelledby="shown-once-title"
      onCancel={(event) => event.preventDefault()}
      onClose={onClose}
    >
      <div className="shownonce-body">
        <h2 id="shown-once-title" className="v" dir="auto">
          {title}
        </h2>
        <p>
          <b>Shown once.</b> <span className="muted">Copy it now; nobody can read it again, here or on the server.</span>
        </p>
        <p className="cmd">
          <code data-testid="secret">{secret}</code>
          <CopyButton text={secret} label={`Copy ${what}`} words="Copy" />
        </p>
        {children}
        <div className="dialog-act">
          <button className="btn lg primary" type="button" onClick={() => dialog.current?.close()}>
            I have copied it
          </button>
        </div>
      </div>
    </dialog>
  )
}
