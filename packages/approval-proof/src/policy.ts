import type { ApprovalRequirement, Descriptor, Grant } from './descriptor.ts'
import { explainLeaves } from './explain-leaves.ts'
import type { Cost, Payload } from './payload.ts'
import { renderAction, type Coverage } from './render-action.ts'
import { riskScore, type Risk } from './risk-score.ts'
import { toVisibleText } from './visible-text.ts'

export type Policy = {
  /** What it is decided as: an action of tier A or B that is blind, or proposed beyond its grant, is tier C. */
  tier: 'A' | 'B' | 'C'
  /** Name of the switch that must be on; null: there is none, so the action can never be claimed live. */
  kill_switch: string | null
  cost: Cost | null
  /** Provider and target as one line, hidden characters written out. */
  target_text: string
  risk: Risk
  coverage: Coverage
  blind: boolean
  /** Who must decide and by when; a blind action needs one approver more. Nobody on a grant: `all_of` is empty. */
  approval: ApprovalRequirement
  /** What covers this action in place of people; null for tier C. Whether it keeps to its bounds: findGrantRefusal. */
  grant: Grant | null
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
 * `escalated`: the executor proposes an action of tier A or B beyond its grant, so people decide; for others it changes nothing.
 * Without a descriptor: tier C, blind, no switch. Throws Error when the descriptor is for another kind of action.
 */
export function computePolicy(payload: Payload, descriptor: Descriptor | null, { escalated }: { escalated: boolean } = { escalated: false }): Policy {
  const { coverage, blind } = renderAction(payload, descriptor)
  // What nobody can explain is on no grant: a grant was given for what its descriptor says, and for nothing else.
  const grant = blind || escalated || descriptor === null || descriptor.tier === 'C' ? null : descriptor.grant
  const tier = grant === null ? 'C' : (descriptor?.tier ?? 'C')
  return {
    tier,
    kill_switch: descriptor?.kill_switch ?? null,
    cost: payload.cost,
    target_text: toTargetText(payload, descriptor),
    risk: riskScore(payload, descriptor, coverage, tier),
    coverage,
    blind,
    approval: toApproval(descriptor?.approval ?? undescribed, blind, grant),
    grant,
  }
}

function toApproval(approval: ApprovalRequirement, blind: boolean, grant: Grant | null): ApprovalRequirement {
  if (grant !== null) return { ...approval, all_of: [], step_up: 'none', execute_within_seconds: grant.execute_within_seconds, hold_seconds: 0 }
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
