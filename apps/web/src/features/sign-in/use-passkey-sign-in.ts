import type { Session } from '@autopack/contract/auth'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { describePasskeyFailure } from '../../shared/passkeys/passkey-words.ts'
import { canOfferPasskeys, signInWithPasskey } from './passkey-sign-in.ts'

/** A challenge lives two minutes; a page that waits for somebody takes a new one before that. */
const offerMs = 100_000

/** One prompt at a time, as browsers have it: pressing the button ends the offer in the name field, which comes back afterwards. */
export function usePasskeySignIn(onSignedIn: (session: Session) => void, onFailure: (error: unknown) => void) {
  const offer = useRef<AbortController>(null)
  const pressed = useMutation({
    mutationFn: () => {
      offer.current?.abort()
      return signInWithPasskey({ offered: false, signal: AbortSignal.timeout(120_000) })
    },
    onSuccess: onSignedIn,
    onError: onFailure,
  })
  const { isPending } = pressed
  const heard = useRef({ onSignedIn, onFailure })
  useEffect(() => {
    heard.current = { onSignedIn, onFailure }
  })

  useEffect(() => {
    if (isPending) return
    let over = false
    let timer: ReturnType<typeof setTimeout> | undefined
    async function makeOffer(): Promise<void> {
      if (over) return
      clearTimeout(timer)
      offer.current?.abort()
      // A tab in the background asks for nothing; it offers again when it is looked at.
      if (document.hidden || !(await canOfferPasskeys()) || over) return
      const own = new AbortController()
      offer.current = own
      timer = setTimeout(() => void makeOffer(), offerMs)
      try {
        heard.current.onSignedIn(await signInWithPasskey({ offered: true, signal: own.signal }))
      } catch (error) {
        // Nobody asked for anything: only what came of a passkey that was picked is said.
        if (!own.signal.aborted && describePasskeyFailure(error) === null && isRefusal(error)) {
          heard.current.onFailure(error)
          void makeOffer()
        }
      }
    }
    const look = () => void makeOffer()
    void makeOffer()
    document.addEventListener('visibilitychange', look)
    return () => {
      over = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', look)
      offer.current?.abort()
    }
  }, [isPending])

  return pressed
}

/** The console's own word on a passkey, rather than a challenge that could not be had while nobody did anything. */
function isRefusal(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'wrong_credentials'
}
