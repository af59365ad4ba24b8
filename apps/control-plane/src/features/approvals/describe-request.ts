import { toRiskLevel, toStepPoints } from '@autopack/action-catalog/judge-paths'
import type { GovernancePolicy } from '@autopack/action-catalog/governance-policy-schema'
import type { ExternalAction } from '@autopack/contract/external-actions'
import { riskLevels } from '@autopack/contract/external-actions'

export type RequestWords = { title: string; sentence: string }
type Asked = { phase_id: string; context: string; decision_info?: Info; deletion_info?: Info }
type Info = Record<string, unknown> | null | undefined

/** What the executor asks, in one sentence that begins with what would happen. */
export function describeApprovalRequest(asked: Asked): RequestWords {
  const deleted = findWhole(asked.deletion_info, 'net_deletion') ?? findWhole(asked.decision_info, 'net_deletion')
  const lines = deleted === null || deleted <= 0 ? '' : `, with ${deleted} lines fewer`
  return {
    title: toOneLine(asked.context, 100),
    sentence: `go on with phase «${toOneLine(asked.phase_id, 100)}» (${toOneLine(asked.context, 100)})${lines}`,
  }
}

export function describeGovernanceRequest(paths: readonly string[]): RequestWords {
  const shown = paths
    .slice(0, 3)
    .map((path) => `«${toOneLine(path, 120)}»`)
    .join(', ')
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : ''
  return {
    title: paths.length === 1 ? toOneLine(paths[0]!, 100) : `${paths.length} files`,
    sentence: `change ${paths.length === 1 ? 'the file' : `${paths.length} files:`} ${shown}${more}`,
  }
}

/**
 * How risky a request is. Nothing here can see what it would do, so it starts in the middle; what the executor says of its risk can only
 * raise it.
 */
export function scoreApprovalRequest(
  asked: Asked,
  policy: GovernancePolicy,
): { risk: ExternalAction['risk']; risk_contributions: ExternalAction['risk_contributions'] } {
  const rules = policy.approval_requests
  const claims = [asked.decision_info, asked.deletion_info].map((info) => riskLevels.find((level) => level === toLowerCase(info?.['risk_level'])))
  const claimed = claims.filter((level) => level !== undefined).toSorted((one, other) => riskLevels.indexOf(other) - riskLevels.indexOf(one))[0]
  const deleted = Math.max(findWhole(asked.deletion_info, 'net_deletion') ?? 0, findWhole(asked.decision_info, 'net_deletion') ?? 0)
  const risk_contributions = [
    { label: 'What it would do cannot be checked here', points: rules.base_points },
    claimed === undefined
      ? { label: 'Its executor does not say how risky it is', points: rules.unknown_level_points }
      : { label: `Its executor calls it ${claimed}`, points: rules.claimed_level_points[claimed] },
    { label: `It deletes ${deleted} lines more than it adds`, points: toStepPoints(deleted, rules.net_deletion) },
  ].filter(({ points }) => points > 0)
  const score = Math.min(
    100,
    risk_contributions.reduce((sum, { points }) => sum + points, 0),
  )
  return { risk: { score, level: toRiskLevel(score, policy) }, risk_contributions }
}

function toLowerCase(value: unknown): string | null {
  return typeof value === 'string' ? value.toLowerCase() : null
}

function findWhole(info: Info, name: string): number | null {
  const value = info?.[name]
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null
}

/** Untrusted text inside a sentence: one line, nothing that cannot be seen, no quote that ends it early. */
function toOneLine(text: string, most: number): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\ufffd')
    .replace(/[«»]/g, '"')
  return [...line].length > most ? `${[...line].slice(0, most).join('')}…` : line
}
