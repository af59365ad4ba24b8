import { getOperatorSetUp } from '@autopack/contract/operators'
import type { Deps } from '../../deps.ts'
import { isAnybodyKnown } from '../../shared/sign-in-rows.ts'

export type SetUpState = { isNeeded: (requestId: string) => Promise<boolean> }

const keptMs = 2_000

/**
 * Whether nobody can sign in yet. Anybody may ask, so asking is cheap: once somebody is known here the answer is no for
 * good, and until then the control plane is asked at most every two seconds. Throws as the control plane does.
 */
export function createSetUpState(deps: Deps): SetUpState {
  let over = false
  let asked: { atMs: number; needed: Promise<boolean> } | null = null
  return {
    isNeeded: async (requestId) => {
      over ||= await isAnybodyKnown(deps.db)
      if (over) return false
      const nowMs = deps.now().getTime()
      if (asked === null || nowMs - asked.atMs >= keptMs) {
        // Not the signal of who asks: the answer is for everybody who asks meanwhile.
        const signal = AbortSignal.timeout(getOperatorSetUp.policy.timeout_ms)
        const needed = deps.controlPlane
          .call(getOperatorSetUp, {}, { subject: 'console', requestId, headers: {}, signal })
          .then(({ data }) => data!.needed)
        asked = { atMs: nowMs, needed }
      }
      return asked.needed
    },
  }
}
