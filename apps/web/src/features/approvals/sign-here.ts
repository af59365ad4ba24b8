import { createChallenge } from '@autopack/contract/passkeys'
import { call } from '../../shared/call.ts'
import { getAssertion } from '../../shared/passkeys/get-assertion.ts'
import { readConsoleBuild } from './console-build.ts'
import type { Decision } from './decide-mutation.ts'
import { isAttended } from './is-attended.ts'
import { signApproval, type Consent } from './sign-approval.ts'

type Around = { isStillShown: () => boolean; onPrompt: () => void; unsigned: boolean; signal: AbortSignal }

/** Signs in this browser, with this console's server; see signApproval. */
export function signHere(consent: Consent, { isStillShown, onPrompt, unsigned, signal }: Around): Promise<Decision> {
  const ask = (body: Parameters<typeof getChallenge>[0]) => getChallenge(body, signal)
  return signApproval(
    consent,
    { createChallenge: ask, getAssertion, isAttended, isStillShown, onPrompt, console_build: readConsoleBuild() },
    { unsigned, signal },
  )
}

function getChallenge(body: { purpose: 'approve'; action_id: string; revision: number; payload_hash: string }, signal: AbortSignal) {
  return call(createChallenge, { body, signal })
}
