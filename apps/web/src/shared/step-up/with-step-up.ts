/**
 * Sends an act that may ask who is there: at once where nothing more is needed, otherwise after the person has signed it or typed their
 * password. What they typed for the act is held by the caller all the while, and sent once.
 */
import { ApiProblem } from '@autopack/api-client/errors'
import type { SignedAct } from '@autopack/contract/webauthn'
import type { SignableAct } from './signable-act.ts'

/** `words`: the act as the person knows it, as a title. Throws what `send` throws, and StepUpStopped when the person does not go on. */
export async function withStepUp<T>(act: SignableAct, words: string, send: (signature: SignedAct | undefined) => Promise<T>): Promise<T> {
  // Loaded with the first act that needs it: reading a page does not.
  const { findNeed, askStepUp } = await import('./ask-step-up.tsx')
  // Whoever holds the session alone must not take a passkey away from its person.
  const need = act.purpose === 'passkey_remove' ? 'passkey' : await findNeed()
  let signature = need === null ? undefined : await askStepUp(act, words, need)
  try {
    return await send(signature)
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== 'step_up_required') throw error
    signature = await askStepUp(act, words, error.problem.needs === 'passkey' ? 'passkey' : 'either')
    return send(signature)
  }
}
