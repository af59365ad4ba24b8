import { setSwitch as route } from '@autopack/contract/operator-control'
import type { Control } from '@autopack/contract/operator-control'
import type { ProblemCode } from '@autopack/contract/problems'
import { hasRole } from '@autopack/contract/roles'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { recordEvent, toControlEvent } from '../../events/record-event.ts'
import { lockControl } from '../../ledger/control-rows.ts'
import { toEffectiveControl, toSwitchSnapshot } from '../../ledger/effective-control.ts'
import { switchCeilingOf, switchVariableOf } from '../../ledger/switch-variables.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { burnSignature } from '../../shared/verify-signed-act.ts'
import type { ActFacts } from '../../shared/verify-signed-act.ts'
import { requireControlStepUp } from '../../shared/require-step-up.ts'
import { changeSwitch, moveControlOn } from './control-change-rows.ts'
import { presentControl, toRowWord } from './present-control.ts'
import { requireRoleNow } from './require-role-now.ts'

/**
 * Turns a switch of the live row. Towards safety is an approver's to do, towards effect an admin's, and never beyond the environment.
 * Once this commits no claim sees the old word: whoever claims holds the control row.
 */
export async function setSwitch(deps: Deps, input: RouteInput<typeof route, OperatorPrincipal>): Promise<Control> {
  const { principal, body } = input
  const { name, on } = body
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const state = await lockControl(tx, 'to_change')
    const role = await requireRoleNow(tx, principal, 'approver')
    if (state.row === null) {
      throw new ProblemError('not_ready', 'The control row is missing, so everything is stopped. Whoever runs the database has to put it back.')
    }
    const control = toEffectiveControl(state, deps.settings.ceiling)
    const now = await readClock(tx, deps.now)
    const present = toRowWord(name, state.row) === true
    const facts = {
      action_type: 'control.switch',
      payload_summary: `${name}: ${toWord(present)} → ${toWord(on)}`,
      reason: body.reason,
      requested_at: now.toISOString(),
      kill_switch_snapshot: toSwitchSnapshot(control),
    }

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}, cause: string | null = null) => {
      await burnSignature(tx, principal.operatorId, body.signature, now)
      const error_summary = cause === null ? detail : `${detail} (${cause})`
      const refused = { event_type: 'control.switch_set_refused' as const, result_status: 'refused', error_code: code, error_summary }
      await recordAudit(tx, principal, { ...facts, ...refused }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    // Dry run on means that nothing is sent; every other switch off means that.
    const towardsEffect = name === 'DRY_RUN' ? !on : on
    if (towardsEffect && !hasRole(role, 'admin')) {
      return refuse('role_missing', `Only an admin turns ${name} ${toWord(on)}; you may turn it ${toWord(!on)}.`)
    }
    if (towardsEffect && switchCeilingOf(name, deps.settings.ceiling) !== on) {
      return refuse('over_ceiling', `The environment says ${toWord(!on)} (${switchVariableOf(name)}), and the live row cannot go beyond it.`)
    }
    if (present === on) {
      // Nothing to do, and nothing left to send once somebody has turned it back.
      await burnSignature(tx, principal.operatorId, body.signature, now)
      return null
    }
    // Whatever lets less happen is never made hard.
    const act: ActFacts = { purpose: 'switch', subject: { name, on } }
    const stepUp = towardsEffect
      ? await requireControlStepUp(tx, deps.settings, principal, { route, facts: act, signature: body.signature }, now)
      : null
    if (stepUp?.ok === false) return refuse(stepUp.code, stepUp.detail, stepUp.extra, stepUp.cause)
    const proof = stepUp === null ? null : toProofFacts(stepUp.proof)

    await changeSwitch(tx, name, on)
    const version = await moveControlOn(tx)
    await recordAudit(
      tx,
      principal,
      { ...facts, event_type: 'control.switch_set' as const, result_status: 'ok', completed_at: now.toISOString(), proof },
      input,
    )
    await recordEvent(tx, toControlEvent(version))
    return null
  })
  if (refusal) throw refusal
  return presentControl(deps, principal)
}

function toWord(on: boolean): string {
  return on ? 'on' : 'off'
}
