import { formatMoney } from '@autopack/approval-proof/format-money'
import { setCap as route } from '@autopack/contract/operator-control'
import type { Control } from '@autopack/contract/operator-control'
import type { ProblemCode } from '@autopack/contract/problems'
import { hasRole } from '@autopack/contract/roles'
import type { RouteInput } from '@autopack/server-kit/mount-route'
import type { ProblemError } from '@autopack/server-kit/problem-error'
import { recordAudit } from '../../audit/record-audit.ts'
import type { Deps } from '../../deps.ts'
import { recordEvent, toControlEvent } from '../../events/record-event.ts'
import { findCapUse, lockControl } from '../../ledger/control-rows.ts'
import { toUtcDay } from '../../ledger/daily-caps.ts'
import { listCeilingCaps, toEffectiveControl, toSwitchSnapshot } from '../../ledger/effective-control.ts'
import { toProofFacts } from '../../shared/act-proof.ts'
import { AuditedRefusal } from '../../shared/audited-refusal.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { readClock } from '../../shared/read-clock.ts'
import { burnSignature } from '../../shared/verify-signed-act.ts'
import type { ActFacts } from '../../shared/verify-signed-act.ts'
import { requireControlStepUp } from '../../shared/require-step-up.ts'
import { moveControlOn, putWorkingCap } from './control-change-rows.ts'
import { presentControl } from './present-control.ts'
import { requireRoleNow } from './require-role-now.ts'

/**
 * Sets what may be spent or done in a day, at or below what the environment allows. Less is an approver's to say, more an admin's. No
 * claim is between reading and changing it; what is spent already stays spent, and a cap below that leaves nothing for today.
 */
export async function setCap(deps: Deps, input: RouteInput<typeof route, OperatorPrincipal>): Promise<Control> {
  const { principal, body } = input
  const currency = body.currency ?? ''
  const refusal = await deps.db.transaction(async (tx): Promise<AuditedRefusal | null> => {
    const state = await lockControl(tx, 'to_change')
    const role = await requireRoleNow(tx, principal, 'approver')
    const control = toEffectiveControl(state, deps.settings.ceiling)
    const now = await readClock(tx, deps.now)
    const ceilings = listCeilingCaps(deps.settings.ceiling)
    const ceiling = Object.hasOwn(ceilings, currency) ? ceilings[currency]! : null
    const present = ceiling === null ? 0 : control.deployment_caps[currency]!
    const use = await findCapUse(tx, toUtcDay(now), '', currency)
    const spent = { reserved_minor: use.reserved, actual_minor: null, spent_today_minor: use.used, currency }
    const facts = {
      action_type: 'control.cap',
      payload_summary: `${toCapWords(currency)}: ${toAmountWords(present, currency)} → ${toAmountWords(body.cap, currency)}`,
      reason: body.reason,
      requested_at: now.toISOString(),
      kill_switch_snapshot: toSwitchSnapshot(control),
    }

    const refuse = async (code: ProblemCode, detail: string, extra: ProblemError['extra'] = {}, cause: string | null = null) => {
      await burnSignature(tx, principal.operatorId, body.signature, now)
      const error_summary = cause === null ? detail : `${detail} (${cause})`
      const refused = { event_type: 'control.cap_set_refused' as const, result_status: 'refused', error_code: code, error_summary }
      await recordAudit(tx, principal, { ...facts, ...refused }, input)
      return new AuditedRefusal(code, detail, extra)
    }

    if (ceiling === null) {
      return refuse('over_ceiling', `Nothing may be spent in ${currency} here: the environment has no AUTOPACK_MAX_DAILY_SPEND_${currency}.`)
    }
    if (body.cap > ceiling) {
      const variable = currency === '' ? 'AUTOPACK_MAX_ACTIONS_PER_DAY' : `AUTOPACK_MAX_DAILY_SPEND_${currency}`
      return refuse('over_ceiling', `The environment allows ${toAmountWords(ceiling, currency)} at most (${variable}).`)
    }
    if (body.cap > present && !hasRole(role, 'admin')) {
      return refuse('role_missing', `${toAmountWords(present, currency)} is in force. Only an admin raises it; you may lower it.`)
    }
    if (state.working_caps[currency] === body.cap) {
      // Nothing to do, and nothing left to send once somebody has lowered it.
      await burnSignature(tx, principal.operatorId, body.signature, now)
      return null
    }
    // Whatever lets less happen is never made hard.
    const act: ActFacts = { purpose: 'cap_raise', subject: { currency: body.currency, cap: body.cap } }
    const stepUp =
      body.cap > present ? await requireControlStepUp(tx, deps.settings, principal, { route, facts: act, signature: body.signature }, now) : null
    if (stepUp?.ok === false) return refuse(stepUp.code, stepUp.detail, stepUp.extra, stepUp.cause)
    const proof = stepUp === null ? null : toProofFacts(stepUp.proof)

    await putWorkingCap(tx, { currency, cap: body.cap, set_by: principal.operatorId, set_at: now })
    const version = await moveControlOn(tx)
    const spend_snapshot = currency === '' ? null : { ...spent, cap_minor: body.cap }
    const event = { event_type: 'control.cap_set' as const, result_status: 'ok', completed_at: now.toISOString(), spend_snapshot, proof }
    await recordAudit(tx, principal, { ...facts, ...event }, input)
    await recordEvent(tx, toControlEvent(version))
    return null
  })
  if (refusal) throw refusal
  return presentControl(deps, principal)
}

function toCapWords(currency: string): string {
  return currency === '' ? 'actions a day' : `${currency} a day`
}

function toAmountWords(amount: number, currency: string): string {
  return currency === '' ? `${amount} actions` : formatMoney(amount, currency)
}
