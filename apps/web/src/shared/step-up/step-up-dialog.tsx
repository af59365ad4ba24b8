import type { Session } from '@autopack/contract/auth'
import type { SignedAct } from '@autopack/contract/webauthn'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState } from 'react'
import { describeProblem } from '../describe-problem.ts'
import { Icon } from '../icon.tsx'
import { findOwnPasskeyObstacle } from '../passkeys/find-passkey-obstacle.ts'
import { ownPasskeysQuery } from '../passkeys/own-passkeys-query.ts'
import { describePasskeyFailure } from '../passkeys/passkey-words.ts'
import { Time } from '../time.tsx'
import { listActFacts } from './act-facts.ts'
import type { Need } from './find-need.ts'
import { readKnownThings } from './known-things.ts'
import { PasswordAgain } from './password-again.tsx'
import { signAct } from './sign-act.ts'
import type { SignableAct } from './signable-act.ts'
import './step-up-dialog.css'

type Props = {
  act: SignableAct
  /** The act as the person knows it. */
  words: string
  need: Need
  operator: Session['operator']
  onSigned: (signature: SignedAct) => void
  onPassword: () => void
  onClose: () => void
}

/** Asks who is there, for one act: a signature over exactly this, or the password again where that is enough. */
export function StepUpDialog({ act, words, need, operator, onSigned, onPassword, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const signButton = useRef<HTMLButtonElement>(null)
  const leaving = useRef<AbortController>(null)
  const settled = useRef(false)
  const id = useId()
  const client = useQueryClient()
  const passkeys = useQuery(ownPasskeysQuery)
  const obstacle = findOwnPasskeyObstacle()
  const hasPasskey = passkeys.data === undefined ? null : passkeys.data.items.length > 0
  const [wantsPassword, setWantsPassword] = useState(false)
  const [ended, setEnded] = useState<string | null>(null)
  const [deadEnd] = useState(() => (need === 'passkey' ? obstacle : null))
  const canSign = obstacle === null && hasPasskey === true
  const asksPassword = need === 'either' && (wantsPassword || (hasPasskey !== null && !canSign) || passkeys.isError)

  const sign = useMutation({
    mutationFn: () => {
      leaving.current?.abort()
      leaving.current = new AbortController()
      return signAct(act, operator.operator_id, leaving.current.signal)
    },
    onSuccess: (signature) => {
      if (settled.current) return
      if (signature === null) return setEnded(describePasskeyFailure(new DOMException('', 'NotAllowedError'))!.words)
      settle(() => onSigned(signature))
    },
  })

  function settle(then: () => void): void {
    settled.current = true
    // Closed first: the browser gives the focus back to where it was.
    dialog.current?.close()
    then()
  }
  function begin(): void {
    if (sign.isPending) return
    setEnded(null)
    sign.mutate()
  }

  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => {
      leaving.current?.abort()
      element?.close()
    }
  }, [])
  useEffect(() => {
    if (canSign && !asksPassword) signButton.current?.focus()
  }, [canSign, asksPassword])

  const failure = sign.error === null ? null : toFailureWords(sign.error)
  return (
    <dialog
      ref={dialog}
      className="stepup-act"
      aria-labelledby={`${id}-title`}
      onClose={() => {
        if (!settled.current) onClose()
      }}
    >
      <h2 id={`${id}-title`}>Confirm that it is you</h2>
      <p>
        <b className="v" dir="auto">
          {words}
        </b>
      </p>
      {!asksPassword && (
        <dl className="stepup-facts">
          {listActFacts(act, readKnownThings(client, passkeys.data?.items ?? [])).map(({ label, value, form }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd className={form === 'id' ? 'mono' : undefined} dir="auto">
                {form === 'at' ? <Time at={value} form="clock" /> : value}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {asksPassword ? (
        <PasswordAgain
          name={operator.name}
          why={
            hasPasskey === false
              ? 'You have no passkey here, so the password says that it is you. What you do then is not signed.'
              : 'Without a passkey this is not signed.'
          }
          nothing="Nothing was sent."
          onConfirmed={() => settle(onPassword)}
          onCancel={() => dialog.current?.close()}
        />
      ) : (
        <>
          <p className="muted">
            {deadEnd ??
              (hasPasskey === false
                ? 'This takes a signature with a passkey, and you have none. Make one in your settings; what you typed here stays.'
                : 'One of your passkeys signs exactly this, and nothing else.')}
          </p>
          <div role="alert">
            {(failure ?? ended) !== null && (
              <p className="err">
                <Icon name="failed" small /> {failure ?? ended}
              </p>
            )}
          </div>
          <div className="dialog-act">
            <button className="btn lg quiet" type="button" onClick={() => dialog.current?.close()}>
              Cancel
            </button>
            {need === 'either' && hasPasskey === true && (
              <button className="btn lg" type="button" onClick={() => setWantsPassword(true)}>
                Use the password
              </button>
            )}
            {hasPasskey === false ? (
              <a className="btn lg primary" href="/settings/me" target="_blank" rel="noreferrer">
                Open your settings
              </a>
            ) : (
              <button
                ref={signButton}
                className="btn lg primary"
                type="button"
                aria-disabled={!canSign || sign.isPending}
                onClick={() => canSign && begin()}
              >
                {sign.isPending ? 'Waiting for the passkey' : sign.isError || ended !== null ? 'Try again' : 'Sign with a passkey'}
              </button>
            )}
          </div>
        </>
      )}
    </dialog>
  )
}

function toFailureWords(error: unknown): string {
  const failure = describePasskeyFailure(error)
  if (failure !== null) return failure.words
  const { what, todo } = describeProblem(error)
  return `${what} ${todo}`
}
