import { login } from '@autopack/contract/auth'
import { loginWithPasskey } from '@autopack/contract/passkey-sign-in'
import { problems } from '@autopack/contract/problem-titles'
import { setUp } from '@autopack/contract/set-up'
import { ProblemError } from '@autopack/server-kit/problem-error'
import type { Deps } from '../deps.ts'
import { UpstreamProblem } from '../upstream/control-plane.ts'
import { findSession } from './current-session.ts'

/** What records its own refusals. */
const recordedThere: readonly string[] = [login.path, loginWithPasskey.path, setUp.path]

/**
 * A change that this process refused to somebody who is signed in goes into the audit log. What the control plane
 * refused it has recorded itself, and a refused sign-in or set-up is recorded where it is refused.
 */
export async function recordRefusedMutation(
  deps: Deps,
  request: { method: string; path: string; cookie: string | undefined; requestId: string },
  error: unknown,
): Promise<void> {
  if (!(error instanceof ProblemError) || error instanceof UpstreamProblem || problems[error.code].status >= 500) return
  if (request.method === 'GET' || request.method === 'HEAD' || recordedThere.includes(request.path)) return
  try {
    const session = await findSession(deps, request.cookie)
    if (!session) return
    await deps.refusals.record({
      kind: 'request_refused',
      operator_id: session.operator_id,
      name: session.name,
      code: error.code,
      detail: `${request.method} ${request.path}: ${error.detail}`,
    })
  } catch (failure) {
    // The request is refused either way; that its refusal could not be recorded must not be silent.
    deps.log.error({ error: failure, request_id: request.requestId, code: error.code }, 'a refusal could not be recorded')
  }
}
