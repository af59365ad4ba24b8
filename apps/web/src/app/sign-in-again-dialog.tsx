import type { Session } from '@autopack/contract/auth'
import { useEffect, useRef } from 'react'
import { SignInForm } from '../features/sign-in/sign-in-form.tsx'

/** Over the page, which stays as it is below. Cannot be closed: behind it nothing would answer. */
export function SignInAgainDialog({ name, onSignedIn }: { name: string; onSignedIn: (session: Session) => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    const focused = document.activeElement
    // A dialog that is open already (a rejection being typed) stays open below this one.
    element?.showModal()
    // The name is filled in, so the dialog's own choice, its first field, is the wrong one.
    element?.querySelector<HTMLInputElement>('input[type="password"]')?.focus()
    return () => {
      element?.close()
      if (focused instanceof HTMLElement) focused.focus()
    }
  }, [])
  return (
    <dialog ref={dialog} className="again" aria-labelledby="again-title" onCancel={(event) => event.preventDefault()}>
      <h2 id="again-title">Your session has ended</h2>
      <p className="muted">Sign in again to go on. Everything on this page stays as it is.</p>
      <SignInForm knownName={name} onSignedIn={onSignedIn} />
      <a className="f12 muted" href="/sign-in">
        Leave this page instead
      </a>
    </dialog>
  )
}
