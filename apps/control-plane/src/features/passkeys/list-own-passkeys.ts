import type { listOwnPasskeys as listOwnPasskeysRoute } from '@autopack/contract/passkeys'
import type { AnswerOf } from '@autopack/contract/route'
import type { Deps } from '../../deps.ts'
import { findEnrolment, findPasskeyReset, listPasskeys } from '../../shared/passkey-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { toPasskey } from './to-passkey.ts'

export async function listOwnPasskeys(deps: Deps, principal: OperatorPrincipal): Promise<AnswerOf<typeof listOwnPasskeysRoute>> {
  const now = await readClock(deps.db, deps.now)
  const rows = await listPasskeys(deps.db, principal.operatorId)
  const reset = await findPasskeyReset(deps.db, principal.operatorId)
  const until = rows.length > 0 ? null : (await findEnrolment(deps.db, principal.operatorId)).may_enrol_until
  return {
    items: rows.map(toPasskey),
    may_enrol_until: until !== null && now < until ? until.toISOString() : null,
    last_reset: reset === null ? null : { ...reset, at: reset.at.toISOString() },
    control_step_up: deps.settings.stepUp,
    now: now.toISOString(),
  }
}
