import * as z from 'zod/mini'
import type { CatalogProblem } from './read-catalog.ts'
import { governancePolicySchema, protectedFolders } from './governance-policy-schema.ts'
import type { GovernancePolicy } from './governance-policy-schema.ts'
import { toReasons } from './to-reasons.ts'

/** Checks the policy: its shape, and what must hold between its parts. Answers with all problems at once. */
export function readGovernancePolicy(
  file: string,
  value: unknown,
): { ok: true; policy: GovernancePolicy } | { ok: false; problems: CatalogProblem[] } {
  const parsed = z.safeParse(governancePolicySchema, value)
  const reasons = parsed.success ? listContradictions(parsed.data) : parsed.error.issues.flatMap(toReasons)
  if (parsed.success && reasons.length === 0) return { ok: true, policy: parsed.data }
  return { ok: false, problems: reasons.map(([path, reason]) => ({ file, path, reason })) }
}

function listContradictions(policy: GovernancePolicy): Array<[path: string, reason: string]> {
  const found: Array<[string, string]> = []
  const missing = protectedFolders.filter((folder) => !policy.paths.never_automatic.includes(folder))
  if (missing.length > 0) found.push(['/paths/never_automatic', `must name ${missing.join(', ')}`])
  const both = policy.paths.never_automatic.filter((folder) => policy.paths.automatic.some((allowed) => folder.startsWith(allowed)))
  if (both.length > 0) found.push(['/paths/automatic', `must not hold what is never automatic: ${both.join(', ')}`])
  const { medium, high, critical } = policy.risk.levels
  if (!(medium < high && high < critical)) found.push(['/risk/levels', 'must rise: medium < high < critical'])
  if (policy.automatic.most_risk_score >= medium) found.push(['/automatic/most_risk_score', 'must be below medium: only low risk is automatic'])
  for (const [name, steps] of [
    ['risk/many_paths', policy.risk.many_paths],
    ['risk/many_lines', policy.risk.many_lines],
    ['approval_requests/net_deletion', policy.approval_requests.net_deletion],
  ] as const) {
    const rises = steps.every((step, place) => place === 0 || (steps[place - 1]!.over < step.over && steps[place - 1]!.points <= step.points))
    if (!rises) found.push([`/${name}`, 'must rise'])
  }
  return found
}
