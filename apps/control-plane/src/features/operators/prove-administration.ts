import type { Transaction } from '@autopack/server-kit/open-database'
import type { Deps } from '../../deps.ts'
import type { ActProof } from '../../shared/act-proof.ts'
import { requireControlStepUp } from '../../shared/require-step-up.ts'
import type { ControlAct } from '../../shared/require-step-up.ts'
import type { ActRefusal } from '../../shared/verify-signed-act.ts'
import type { Administrator } from './refuse-administration.ts'

/** How an admin shows who they are before somebody may do more here. Whoever runs the server shows it by being there: no proof. */
export async function proveAdministration(
  tx: Transaction,
  deps: Pick<Deps, 'settings'>,
  principal: Administrator,
  act: ControlAct,
  now: Date,
): Promise<{ ok: true; proof: ActProof | null } | ActRefusal> {
  if (principal.kind === 'system') return { ok: true, proof: null }
  return requireControlStepUp(tx, deps.settings, principal, act, now)
}
