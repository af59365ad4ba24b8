import type { ApprovalRequirement, Descriptor } from './descriptor.ts'
import { explainLeaves } from './explain-leaves.ts'
import type { Cost, Payload } from './payload.ts'
import { renderAction, type Coverage } from './render-action.ts'
import { riskScore, type Risk } from './risk-score.ts'
import { toVisibleText } from './visible-text.ts'

export type Policy = {
  tier: 'A' | 'B' | 'C'
  /** Name of the switch that must be on; null: there is none, so the action can never be claimed live. */
  kill_switch: string | null
  cost: Cost | null
  /** Provider and target as one line, hidden characters written out. */
  target_text: string
  risk: Risk
  coverage: Coverage
  blind: boolean
  /** Who must decide and by when; a blind action needs one approver more. */
  approval: ApprovalRequirement
}

const undescribed: ApprovalRequirement = {
  all_of: [{ role: 'approver', count: 1 }],
  step_up: 'passkey',
  decide_within_seconds: 86_400,
  execute_within_seconds: 3_600,
  hold_seconds: 0,
}

/**
 * What follows from a payload and its descriptor alone, computed by server and browser and never read from what an agent claims.
 * Without a descriptor: tier C, blind, no switch. Throws Error when the descriptor is for another kind of action.
 */
export function computePolicy(payload: Payload, descriptor: Descriptor | null): Policy {
  const { coverage, blind } = renderAction(payload, descriptor)
  return {
    tier: descriptor?.tier ?? 'C',
    kill_switch: descriptor?.kill_switch ?? null,
    cost: payload.cost,
    target_text: toTargetText(payload, descriptor),
    risk: riskScore(payload, descriptor, coverage),
    coverage,
    blind,
    approval: toApproval(descriptor?.approval ?? undescribed, blind),
  }
}

function toApproval(approval: ApprovalRequirement, blind: boolean): ApprovalRequirement {
  if (!blind) return approval
  const [first, ...others] = approval.all_of
  if (first === undefined) return { ...approval, all_of: [{ role: 'approver', count: 2 }] }
  return { ...approval, all_of: [{ ...first, count: first.count + 1 }, ...others] }
}

function toTargetText(payload: Payload, descriptor: Descriptor | null): string {
  const described = explainLeaves(payload, descriptor)
    .filter((item) => item.field?.role === 'target')
    .map((item) => String(item.leaf.value))
  const names =
    described.length > 0
      ? described
      : Object.keys(payload.target)
          .toSorted()
          .map((name) => `${name}=${payload.target[name]}`)
  return toVisibleText([payload.provider, ...names].join('/'), false).text
}
