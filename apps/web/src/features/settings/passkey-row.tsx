import type { Passkey } from '@autopack/contract/passkeys'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { toAgentWords, VisibleText } from '../../shared/agent-text.tsx'
import { describeProblem } from '../../shared/describe-problem.ts'
import { Time } from '../../shared/time.tsx'
import { removePasskeyMutation, renamePasskeyMutation } from './passkey-queries.ts'

type Props = { passkey: Passkey; isLast: boolean; onRemoved: (name: string) => void }

/** One passkey. Renaming and removing happen in its place; what was typed stays when the server says no. */
export function PasskeyRow({ passkey, isLast, onRemoved }: Props) {
  const { credential_id } = passkey
  const name = toAgentWords(passkey.name)
  const [mode, setMode] = useState<'read' | 'rename' | 'remove'>('read')
  const [typed, setTyped] = useState(passkey.name)
  const field = useRef<HTMLInputElement>(null)
  const sureButton = useRef<HTMLButtonElement>(null)
  const renameButton = useRef<HTMLButtonElement>(null)
  const removeButton = useRef<HTMLButtonElement>(null)
  const left = useRef<'rename' | 'remove' | null>(null)
  const rename = useMutation({ ...renamePasskeyMutation, onSuccess: () => leave('rename') })
  const remove = useMutation({ ...removePasskeyMutation, onSuccess: () => onRemoved(name) })
  const error = mode === 'rename' ? rename.error : mode === 'remove' ? remove.error : null

  function leave(from: 'rename' | 'remove'): void {
    left.current = from
    setMode('read')
  }
  useEffect(() => {
    if (mode === 'rename') field.current?.select()
    else if (mode === 'remove') sureButton.current?.focus()
    else if (left.current !== null) {
      // Back to where it began.
      const button = { rename: renameButton, remove: removeButton }[left.current]
      left.current = null
      button.current?.focus()
    }
  }, [mode])

  return (
    <li className="passkey">
      <div>
        {mode === 'rename' ? (
          <form
            className="passkey-rename"
            onSubmit={(event) => {
              event.preventDefault()
              if (typed.trim() !== '' && !rename.isPending) rename.mutate({ credential_id, name: typed.trim() })
            }}
          >
            <input
              ref={field}
              className="input"
              aria-label={`New name of ${name}`}
              maxLength={100}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              onKeyDown={(event) => event.key === 'Escape' && leave('rename')}
            />
            <button className="btn" type="submit" aria-disabled={typed.trim() === '' || rename.isPending}>
              {rename.isPending ? 'Saving' : 'Save'}
            </button>
            <button className="btn quiet" type="button" onClick={() => leave('rename')}>
              Cancel
            </button>
          </form>
        ) : (
          <p>
            <b className="v" dir="auto">
              <VisibleText text={name} />
            </b>
          </p>
        )}
        <p className="muted f12">
          made <Time at={passkey.created_at} />,{' '}
          {passkey.last_used_at === null ? (
            'never used'
          ) : (
            <>
              last used <Time at={passkey.last_used_at} />
            </>
          )}
          , {passkey.backed_up ? 'kept by a service on several devices' : 'on one device only'}
        </p>
        {mode === 'remove' && (
          <div className="passkey-remove">
            <p>
              {isLast ? (
                <>
                  <b>This is your only passkey.</b> Without it you cannot sign what you approve, and making another one needs an admin.
                </>
              ) : (
                'It signs nothing from then on. What it signed stays provable.'
              )}{' '}
              One of your passkeys has to sign that it goes.
            </p>
            <p className="passkeys-act">
              <button
                ref={sureButton}
                className="btn"
                type="button"
                aria-disabled={remove.isPending}
                onClick={() => !remove.isPending && remove.mutate({ credential_id, name })}
              >
                {remove.isPending ? 'Removing' : 'Remove it'}
                <span className="sr">: {name}</span>
              </button>
              <button className="btn quiet" type="button" onClick={() => leave('remove')}>
                Keep it
              </button>
            </p>
          </div>
        )}
        {error !== null && (
          <p className="err" role="alert">
            {describeProblem(error).what} {describeProblem(error).todo}
          </p>
        )}
      </div>
      {mode === 'read' && (
        <span className="passkey-acts">
          <button ref={renameButton} className="btn quiet" type="button" onClick={() => setMode('rename')}>
            Rename<span className="sr"> {name}</span>
          </button>
          <button ref={removeButton} className="btn" type="button" onClick={() => setMode('remove')}>
            Remove…<span className="sr"> {name}</span>
          </button>
        </span>
      )}
    </li>
  )
}
