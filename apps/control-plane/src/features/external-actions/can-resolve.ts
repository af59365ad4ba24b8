import type { ActionState } from '@autopack/contract/external-actions'
import { hasRole } from '@autopack/contract/roles'
import type { Role } from '@autopack/contract/roles'

export type ResolveFacts = {
  /** As the control plane's own table has them at this moment. */
  operator: { role: Role; enabled: boolean }
  action: { state: ActionState }
  /** Who looked before; null: nobody did. */
  resolution: { operator_id: string; name: string; outcome: 'completed' | 'failed'; resolved_at: Date } | null
}

export type ResolveRefusalCode = 'role_missing' | 'already_decided' | 'not_unknown'
export type MayResolve = { allowed: true } | { allowed: false; code: ResolveRefusalCode; detail: string }

/** Whether a person may say what came of an execution that ended UNKNOWN; the same rule answers the button and the request. */
export function canResolve(facts: ResolveFacts): MayResolve {
  const { operator, action, resolution } = facts
  if (!operator.enabled) return refuse('role_missing', 'You are disabled here. An enabled approver has to look.')
  if (!hasRole(operator.role, 'approver')) return refuse('role_missing', 'Viewers cannot say what came of it. Ask an approver or an admin.')
  if (resolution !== null) {
    return refuse('already_decided', `${resolution.name} looked at ${resolution.resolved_at.toISOString()}: it ${resolution.outcome}.`)
  }
  if (action.state !== 'UNKNOWN') return refuse('not_unknown', `The action is ${action.state}; there is nothing to look up.`)
  return { allowed: true }
}

function refuse(code: ResolveRefusalCode, detail: string): MayResolve {
  return { allowed: false, code, detail }
}
