import { ApiProblem } from '@autopack/api-client/errors'
import { useEffect, useRef, useState } from 'react'
import type { Decision } from './decide-mutation.ts'
import type { Consent } from './sign-approval.ts'

/** What stands between the press and the answer. `password`: the person shows again who they are. */
export type ApprovalPhase = 'asking' | 'prompt' | 'password' | 'sending'
export type Approval = {
  step: { phase: ApprovalPhase; consent: Consent } | null
  /** Why nothing was approved; null: nothing was refused. */
  error: unknown
  approve: (consent: Consent, how?: { unsigned: boolean }) => void
  /** The password was typed: sends what was said yes to before. */
  confirm: () => void
  cancel: () => void
  forget: () => void
}

type Page = {
  /** What the page shows at this moment; see toShown. */
  shownKey: string | null
  /** The password was typed a short while ago. */
  fresh: boolean
  send: (decision: Decision) => Promise<unknown>
}

/** Of no use before somebody may approve, so it comes after the page. */
export const loadSigning = () => import('./sign-here.ts')

/** One approval at a time, from the press to the answer; leaving the page ends it. What was said yes to is never changed on the way. */
export function useApproval({ shownKey, fresh, send }: Page): Approval {
  const [step, setStep] = useState<Approval['step']>(null)
  const [error, setError] = useState<unknown>(null)
  const running = useRef<AbortController>(null)
  const latestKey = useRef(shownKey)
  useEffect(() => {
    latestKey.current = shownKey
  }, [shownKey])
  useEffect(() => () => running.current?.abort(), [])

  /** Runs one part of the way; whatever ends it, another press starts from the beginning. */
  async function walk(consent: Consent, part: (signal: AbortSignal, go: (phase: ApprovalPhase) => void) => Promise<ApprovalPhase | null>) {
    if (running.current !== null) return
    const controller = new AbortController()
    running.current = controller
    setError(null)
    let stay: ApprovalPhase | null = null
    try {
      stay = await part(controller.signal, (phase) => setStep({ phase, consent }))
    } catch (reason) {
      if (needsPassword(reason)) stay = 'password'
      else setError(reason)
    }
    running.current = null
    setStep(stay === null ? null : { phase: stay, consent })
  }

  const isStillShown = (consent: Consent) => () => latestKey.current === consent.key

  return {
    step,
    error,
    approve: (consent, how = { unsigned: false }) =>
      void walk(consent, async (signal, go) => {
        go('asking')
        const { signHere } = await loadSigning()
        const decision = await signHere(consent, { isStillShown: isStillShown(consent), onPrompt: () => go('prompt'), signal, ...how })
        if (!fresh && consent.action.step_up === 'preferred' && !('signature' in decision)) return 'password'
        go('sending')
        await send(decision)
        return null
      }),
    confirm: () => {
      if (step?.phase !== 'password') return
      void walk(step.consent, async (signal, go) => {
        go('sending')
        const { signHere } = await loadSigning()
        const stillShown = isStillShown(step.consent)
        await send(await signHere(step.consent, { isStillShown: stillShown, onPrompt: () => undefined, signal, unsigned: true }))
        return null
      })
    },
    cancel: () => {
      running.current?.abort()
      if (step?.phase === 'password') setStep(null)
    },
    forget: () => setError(null),
  }
}

function needsPassword(error: unknown): boolean {
  return error instanceof ApiProblem && error.code === 'step_up_required' && error.problem.needs === 'password'
}
