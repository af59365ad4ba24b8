import { releaseBrake as route } from '@autopack/contract/operator-control'
import type { ProblemCode } from '@autopack/contract/problems'
import type { AnswerOf } from '@autopack/contract/route'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import { toBrakeFacts } from '../../audit/to-brake-facts.ts'
import type { Deps } from '../../deps.ts'
import type { RecordedEvent } from '../../events/record-event.ts'
import { recordEvents, toControlEvent } from '../../events/record-event.ts'
import { lockControl } from '../../ledger/control-rows.ts'
import { toEffectiveControl, toSwitchSnapshot } from '../../ledger/effective-control.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { burnSignature } from '../../shared/verify-signed-act.ts'
import type { ActFacts } from '../../shared/verify-signed-act.ts'
import { requireControlStepUp } from '../../shared/require-step-up.ts'
import { findBrakeRow, releaseBrakeRow } from './brake-rows.ts'
import { moveRunsOn, restartHolds } from './braked-action-rows.ts'
import type { MovedRun, RestartedAction } from './braked-action-rows.ts'
import { moveControlOn } from './control-change-rows.ts'
import { requireRoleNow } from './require-role-now.ts'
import { toBrake } from './to-brake.ts'

type Answer = AnswerOf<typeof route>

/**
 * Lets claims of a scope go on, as far as no other brake stops them. Holds start over: whoever released it has the time to veto what was
 * approved before.
 */
export async function releaseBrake(deps: Deps, input: RouteInput<typeof route, OperatorPrincipal>): Promise<Answer> {
  const { principal, body } = input
  const result = await deps.db.transaction(async (tx): Promise<Answer | AuditedRefusal> => {
    const control = toEffectiveControl(await lockControl(tx, 'to_change'), deps.settings.ceiling)
    await requireRoleNow(tx, principal, 'admin')
    const found = await findBrakeRow(tx, principal, body.brake_id)
    if (!found) throw new ProblemError('not_found', 'There is no such brake.')
    const scope = { kind: found.brake.scope_kind, id: found.brake.scope_id }
    const facts = { ...toBrakeFacts({ ...found.brake, scope, reason: body.reason }), kill_switch_snapshot: toSwitchSnapshot(control) }
    const now = await readClock(tx, deps.now)

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}, cause: string | null = null) => {
      await burnSignature(tx, principal.operatorId, body.signature, now)
      const error_summary = cause === null ? detail : `${detail} (${cause})`
      const refused = { event_type: 'control.brake_release_refused' as const, result_status: 'refused', error_code: code, error_summary }
      await recordAudit(tx, principal, { ...facts, ...refused }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    if (found.brake.released_at !== null) {
      return refuse('not_open', `${found.released_by_name} released this brake at ${found.brake.released_at.toISOString()}.`)
    }
    const act: ActFacts = { purpose: 'brake_release', subject: { brake_id: body.brake_id } }
    const stepUp = await requireControlStepUp(tx, deps.settings, principal, { route, facts: act, signature: body.signature }, now)
    if (!stepUp.ok) return refuse(stepUp.code, stepUp.detail, stepUp.extra, stepUp.cause)

    // A clock that was put back does not make a brake end before it began.
    const released_at = now < found.brake.engaged_at ? found.brake.engaged_at : now
    const restarted = await restartHolds(tx, scope, now)
    const version = await moveControlOn(tx)
    const runs = await moveRunsOn(tx, [...new Set(restarted.flatMap(({ run_id }) => run_id ?? []))])
    const restartedWords = `${restarted.length} launch holds start over`
    const event = {
      event_type: 'control.brake_released' as const,
      result_status: 'ok',
      completed_at: released_at.toISOString(),
      proof: toProofFacts(stepUp.proof),
    }
    await recordAudit(tx, principal, { ...facts, ...event, payload_summary: `${facts.payload_summary}; ${restartedWords}` }, input)
    await releaseBrakeRow(tx, body.brake_id, { at: released_at, by: principal.operatorId, reason: body.reason })
    const released = await findBrakeRow(tx, principal, body.brake_id)
    await recordEvents(tx, [toControlEvent(version), ...toActionEvents(restarted, runs)])
    return { brake: toBrake(released!), holds_restarted_count: restarted.length }
  })
  if (result instanceof ProblemError) throw result
  return result
}

function toActionEvents(actions: readonly RestartedAction[], runs: readonly MovedRun[]): RecordedEvent[] {
  const byId = new Map(runs.map((run) => [run.run_id, run]))
  const executors = new Map(actions.map(({ run_id, executor_id }) => [run_id, executor_id]))
  return [
    ...actions.map(({ action_id, run_id, version, executor_id }): RecordedEvent => ({
      type: 'external_action.changed',
      resource: { kind: 'external_action', id: action_id },
      version,
      executorId: executor_id,
      ownerOperatorId: byId.get(run_id ?? '')?.owner_operator_id ?? null,
    })),
    ...runs.map(({ run_id, version, owner_operator_id }): RecordedEvent => ({
      type: 'run.changed',
      resource: { kind: 'run', id: run_id },
      version,
      executorId: executors.get(run_id) ?? null,
      ownerOperatorId: owner_operator_id,
    })),
  ]
}
