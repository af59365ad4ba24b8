import type { Passkey } from '@autopack/contract/passkeys'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { describeProblem } from '../../shared/describe-problem.ts'
import { Icon } from '../../shared/icon.tsx'
import { describePasskeyFailure } from '../../shared/passkeys/passkey-words.ts'
import { useSession } from '../../shared/session.ts'
import { toBrowserWords } from './browser-words.ts'
import { suggestPasskeyName } from './passkey-list-words.ts'
import { addPasskeyMutation } from './passkey-queries.ts'

type Props = { passkeys: readonly Passkey[]; onAdded: (passkey: Passkey) => void; onClose: () => void }

/** A name, then the browser's own prompt; a second prompt when one there is has to sign for it. */
export function AddPasskeyDialog({ passkeys, onAdded, onClose }: Props) {
  const { operator } = useSession()
  const dialog = useRef<HTMLDialogElement>(null)
  const field = useRef<HTMLInputElement>(null)
  const [name, setName] = useState(() =>
    suggestPasskeyName(
      passkeys.map((passkey) => passkey.name),
      toBrowserWords(navigator.userAgent),
    ),
  )
  const [stage, setStage] = useState<'make' | 'sign' | null>(null)
  const add = useMutation({
    ...addPasskeyMutation,
    onSuccess: (passkey) => {
      dialog.current?.close()
      onAdded(passkey)
    },
    onError: () => setStage(null),
  })
  useEffect(() => {
    if (!dialog.current?.open) dialog.current?.showModal()
    field.current?.select()
  }, [])
  const first = passkeys.length === 0
  return (
    <dialog ref={dialog} className="settingsdialog" aria-labelledby="add-passkey-title" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '' && !add.isPending) add.mutate({ name: name.trim(), operatorId: operator.operator_id, onStage: setStage })
        }}
      >
        <h2 id="add-passkey-title">{first ? 'Make your first passkey' : 'Add a passkey'}</h2>
        <p className="muted">
          {first
            ? 'The browser asks where to keep it: this device, a phone, or a security key. It recognises you each time by fingerprint, face or PIN.'
            : 'The browser asks twice: where to keep the new one, then for one you have, which signs that the new one is yours.'}
        </p>
        <div className="field">
          <label htmlFor="passkey-name">Name</label>
          <input
            ref={field}
            id="passkey-name"
            className="input lg"
            maxLength={100}
            autoComplete="off"
            value={name}
            aria-describedby="passkey-name-hint"
            onChange={(event) => setName(event.target.value)}
          />
          <span className="hint" id="passkey-name-hint">
            So that you know later which one it is.
          </span>
        </div>
        <p className="muted" role="status">
          {stage === 'make' ? 'The browser asks where to keep it.' : stage === 'sign' ? 'Made. Now sign with a passkey that you have already.' : ''}
        </p>
        <div role="alert">
          {add.error !== null && (
            <p className="err">
              <Icon name="failed" small /> {toFailureWords(add.error)}
            </p>
          )}
        </div>
        <div className="dialog-act">
          <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button className="btn lg primary" type="submit" aria-disabled={name.trim() === '' || add.isPending}>
            {add.isPending ? 'Waiting for the browser' : first ? 'Make it' : 'Add it'}
          </button>
        </div>
      </form>
    </dialog>
  )
}

function toFailureWords(error: unknown): string {
  const failure = describePasskeyFailure(error)
  if (failure !== null) return `${failure.words} No passkey was enrolled.`
  const { what, todo } = describeProblem(error)
  return `${what} ${todo}`
}
