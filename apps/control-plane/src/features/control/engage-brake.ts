import type { BrakeScope } from '@autopack/contract/control'
import type { engageBrake as engageBrakeRoute } from '@autopack/contract/operator-control'
import type { AnswerOf } from '@autopack/contract/route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAuditIfPossible } from '../../audit/record-audit-if-possible.ts'
import { toBrakeFacts } from '../../audit/to-brake-facts.ts'
import type { Deps } from '../../deps.ts'
import { toControlEvent } from '../../events/record-event.ts'
import { lockControl } from '../../ledger/control-rows.ts'
import { toEffectiveControl, toSwitchSnapshot } from '../../ledger/effective-control.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { createBrakeId, findBrakeRow, findEngagedBrake, insertBrake, isScopeVisible } from './brake-rows.ts'
import { countRunning, countStopped, listRunningExecutions } from './braked-action-rows.ts'
import { moveControlOn } from './control-change-rows.ts'
import { requireRoleNow } from './require-role-now.ts'
import { toBrake } from './to-brake.ts'

type Answer = AnswerOf<typeof engageBrakeRoute>

/** Of those that cannot be recalled, as many as an answer lists. */
const mostListed = 100

/**
 * Stops a scope: whoever claims holds the control row, so once this commits no claim in its scope does (I-13). Works without the audit
 * log, and then says so (I-19). A scope that is stopped already stays as it is. What it lists cannot grow any more: it is read under the
 * lock.
 */
export async function engageBrake(deps: Deps, input: RouteInput<typeof engageBrakeRoute, OperatorPrincipal>): Promise<Answer> {
  const { principal, body } = input
  const { scope, reason } = body
  refuseOddScope(scope)
  return deps.db.transaction(async (tx): Promise<Answer> => {
    const control = toEffectiveControl(await lockControl(tx, 'to_change'), deps.settings.ceiling)
    await requireRoleNow(tx, principal, 'approver')
    if (!(await isScopeVisible(tx, principal, scope))) throw new ProblemError('not_found', `There is no such ${scope.kind}, or you may not see it.`)
    const running = await listRunningExecutions(tx, principal, scope, mostListed)
    const answer = {
      cannot_recall: running.map((row) => ({ ...row, claimed_at: row.claimed_at.toISOString(), lease_until: row.lease_until!.toISOString() })),
      cannot_recall_total: await countRunning(tx, scope),
      stopped_count: await countStopped(tx, principal, scope),
    }
    const standing = await findEngagedBrake(tx, principal, scope)
    if (standing) return { brake: toBrake(standing), ...answer }

    const brake_id = createBrakeId()
    const engaged_at = await readClock(tx, deps.now)
    const version = await moveControlOn(tx)
    const facts = {
      ...toBrakeFacts({ brake_id, scope, reason }),
      event_type: 'control.brake_engaged' as const,
      result_status: 'ok',
      requested_at: engaged_at.toISOString(),
      kill_switch_snapshot: toSwitchSnapshot(control),
    }
    const audited = await recordAuditIfPossible(tx, deps.log, principal, facts, toControlEvent(version), input)
    // Its row comes after its event, or the event would be written twice: as its own, and as that of a brake which the log does not know.
    await insertBrake(tx, { brake_id, scope, engaged_at, engaged_by: principal.operatorId, engaged_reason: reason, audited })
    const engaged = await findBrakeRow(tx, principal, brake_id)
    return { brake: toBrake(engaged!), ...answer }
  })
}

function refuseOddScope({ kind, id }: BrakeScope): void {
  const refuse = (message: string) => {
    throw new ProblemError('invalid_request', `body scope id: ${message}`, { issues: [{ where: 'body scope id', message }] })
  }
  if (kind === 'all' && id !== '') refuse('must be empty for the brake over everything')
  if (kind !== 'all' && id === '') refuse(`must name the ${kind}`)
  if (kind === 'provider' && !/^[a-z][a-z0-9_]{0,63}$/.test(id)) refuse('a provider is 1 to 64 of a-z, 0-9 and _, and starts with a letter')
}
