import { computePolicy } from '@autopack/approval-proof/policy'
import type { ExternalAction } from '@autopack/contract/external-actions'
import type { Proposal } from './read-proposal.ts'

const strength = { none: 0, preferred: 1, passkey: 2 } as const
/** 24 hours, hold included: nothing waits longer after its last approval. */
const mostSeconds = 86_400

/**
 * Where the server says something else of an action than follows from its bytes and the description of its kind: tier, target, cost, risk,
 * who has to agree, how strongly, and until when. In words; with one of these nothing may be signed. Empty where the bytes cannot be read,
 * which is said elsewhere.
 */
export function listPolicyDifferences(action: ExternalAction, { payload, descriptor }: Pick<Proposal, 'payload' | 'descriptor'>): string[] {
  if (payload === null) return []
  const policy = computePolicy(payload, descriptor, { escalated: action.escalated })
  const differences: string[] = []
  const compare = (what: string, server: unknown, here: unknown) => {
    if (server !== here) differences.push(`${what}: the server says ${String(server)}, from these bytes follows ${String(here)}.`)
  }
  compare('Tier', action.tier, policy.tier)
  compare('Target', action.target, policy.target_text)
  compare('Switch', action.kill_switch, policy.kill_switch)
  compare('Risk', `${action.risk.score}, ${action.risk.level}`, `${policy.risk.score}, ${policy.risk.level}`)
  compare('Approvals', toPlaces(action.slots), toPlaces(listPlaces(policy.approval.all_of)))
  if (strength[action.step_up] < strength[policy.approval.step_up]) compare('What an approval takes', action.step_up, policy.approval.step_up)

  const proposedAt = action.revisions.find(({ revision }) => revision === action.revision)?.created_at
  const { decide_within_seconds, execute_within_seconds, hold_seconds } = policy.approval
  if (proposedAt !== undefined) compare('Decide by', action.decide_by, addSeconds(proposedAt, decide_within_seconds))
  const executeBy = addSeconds(action.decide_by, Math.min(execute_within_seconds + hold_seconds, mostSeconds))
  compare('Execute by', action.latest_execute_by, executeBy)
  return differences
}

function listPlaces(groups: readonly { role: string; count: number }[]): { group: number; role: string }[] {
  return groups.flatMap(({ role, count }, group) => Array.from({ length: count }, () => ({ group, role })))
}

function toPlaces(slots: readonly { group: number; role: string }[]): string {
  const places = slots.map(({ group, role }) => `${role} of group ${group + 1}`)
  return places.length === 0 ? 'nobody' : places.join(', ')
}

function addSeconds(moment: string, seconds: number): string {
  return new Date(Date.parse(moment) + seconds * 1_000).toISOString()
}
