import type { Passkey, renamePasskey as renamePasskeyRoute } from '@autopack/contract/passkeys'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { lockPasskey, renamePasskeyRow } from '../../shared/passkey-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { toPasskey } from './to-passkey.ts'

/** A name is for the person alone, so nothing is asked but the session. */
export async function renamePasskey(deps: Deps, input: RouteInput<typeof renamePasskeyRoute, OperatorPrincipal>): Promise<Passkey> {
  const { principal, body } = input
  return deps.db.transaction(async (tx) => {
    const passkey = await lockPasskey(tx, body.credential_id)
    if (passkey?.operator_id !== principal.operatorId || passkey.removed_at !== null) {
      throw new ProblemError('not_found', 'You have no such passkey.')
    }
    if (passkey.name === body.name) return toPasskey(passkey)
    const renamed = await renamePasskeyRow(tx, body.credential_id, body.name)
    const facts = { action_type: 'passkey.rename', external_object_id: body.credential_id, payload_summary: `${passkey.name} → ${body.name}` }
    await recordAudit(tx, principal, { ...facts, event_type: 'passkey.renamed', result_status: 'ok' }, input)
    return toPasskey(renamed)
  })
}
