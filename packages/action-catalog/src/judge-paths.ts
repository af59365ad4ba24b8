import type { GovernancePolicy } from './governance-policy-schema.ts'
import { normalisePath } from './normalise-path.ts'

export type Verdict = 'automatic' | 'people' | 'denied'
export type PathJudgement = { path: string; normal: string | null; verdict: Verdict; why: string }
export type RiskLevel = 'low' | 'medium' | 'high' | 'critical'
export type Judgement = {
  paths: PathJudgement[]
  risk: { score: number; level: RiskLevel }
  risk_contributions: Array<{ label: string; points: number }>
  /** What the policy does by itself; `ask`: nothing, people decide. */
  answer: 'approve' | 'deny' | 'ask'
  /** Why, in one sentence. */
  reason: string
}

/**
 * Judges a request to change files. Default deny: whatever no rule calls automatic waits for people, and one path that nobody may change
 * denies the whole. `changedLines` is what the executor says; it can only make the answer stricter.
 */
export function judgePaths(paths: readonly string[], changedLines: number | null, policy: GovernancePolicy): Judgement {
  const judged = paths.map((path) => judgePath(path, policy))
  const risk_contributions = listContributions(judged, changedLines, policy)
  const score = Math.min(
    100,
    risk_contributions.reduce((sum, { points }) => sum + points, 0),
  )
  const risk = { score, level: toRiskLevel(score, policy) }
  return { paths: judged, risk, risk_contributions, ...answer(judged, changedLines, score, policy) }
}

export function toRiskLevel(score: number, { risk: { levels } }: GovernancePolicy): RiskLevel {
  if (score >= levels.critical) return 'critical'
  if (score >= levels.high) return 'high'
  return score >= levels.medium ? 'medium' : 'low'
}

/** The points of the highest step that `count` is over; 0: of none. */
export function toStepPoints(count: number, steps: ReadonlyArray<{ over: number; points: number }>): number {
  return steps.findLast(({ over }) => count > over)?.points ?? 0
}

function judgePath(path: string, { paths: rules }: GovernancePolicy): PathJudgement {
  const read = normalisePath(path)
  if (read.normal === null) return { path, normal: null, verdict: 'denied', why: read.why }
  const { normal } = read
  const key = toKey(normal)
  const denied = rules.denied_names.find((name) => key.split('/').includes(name))
  if (denied !== undefined) return { path, normal, verdict: 'denied', why: `nobody changes ${denied}` }
  const kept = rules.never_automatic.find((folder) => `${key}/`.startsWith(folder))
  if (kept !== undefined) return { path, normal, verdict: 'people', why: `${kept} is never automatic` }
  const allowed = rules.automatic.find((folder) => normal.startsWith(folder))
  if (allowed === undefined) return { path, normal, verdict: 'people', why: 'no rule makes it automatic' }
  if (!read.plain) return { path, normal, verdict: 'people', why: 'it is not written plainly' }
  return { path, normal, verdict: 'automatic', why: `${allowed} may be automatic` }
}

/** As file systems compare that do not tell capitals from small letters. */
function toKey(normal: string): string {
  return normal.toLowerCase()
}

function listContributions(judged: readonly PathJudgement[], changedLines: number | null, { risk }: GovernancePolicy) {
  const worst = judged
    .map((path) => toPathRisk(path, risk))
    .reduce((most, each) => (each.points > most.points ? each : most), { label: 'no path', points: 0 })
  const lines =
    changedLines === null
      ? { label: 'does not say how many lines would change', points: risk.unknown_lines_points }
      : { label: `changes ${changedLines} lines`, points: toStepPoints(changedLines, risk.many_lines) }
  return [worst, { label: `changes ${judged.length} files`, points: toStepPoints(judged.length, risk.many_paths) }, lines].filter(
    ({ points }) => points > 0,
  )
}

function toPathRisk({ normal, verdict, why }: PathJudgement, risk: GovernancePolicy['risk']): { label: string; points: number } {
  if (normal === null || verdict === 'denied') return { label: `a path that is denied: ${why}`, points: risk.denied_path_points }
  const rules = risk.paths.filter(({ prefix }) => `${toKey(normal)}/`.startsWith(prefix))
  if (rules.length === 0) return { label: 'a path that no rule names', points: risk.other_path_points }
  const most = rules.reduce((highest, rule) => (rule.points > highest.points ? rule : highest))
  return { label: `${most.prefix} ${most.why}`, points: most.points }
}

function answer(
  judged: readonly PathJudgement[],
  changedLines: number | null,
  score: number,
  { automatic }: GovernancePolicy,
): Pick<Judgement, 'answer' | 'reason'> {
  const count = (verdict: Verdict) => judged.filter((path) => path.verdict === verdict).length
  const denied = count('denied')
  if (denied > 0) {
    return { answer: 'deny', reason: `${denied} of ${judged.length} paths ${denied === 1 ? 'is' : 'are'} denied, and one is enough.` }
  }
  const people = count('people')
  if (people > 0) return { answer: 'ask', reason: `${people} of ${judged.length} paths ${people === 1 ? 'needs' : 'need'} a person.` }
  if (!automatic.enabled) return { answer: 'ask', reason: 'The policy approves nothing by itself.' }
  if (judged.length > automatic.most_paths) {
    return { answer: 'ask', reason: `More than ${automatic.most_paths} files at once need a person.` }
  }
  if (changedLines === null || changedLines > automatic.most_changed_lines) {
    const said = changedLines === null ? 'It does not say how many lines would change' : `It changes ${changedLines} lines`
    return { answer: 'ask', reason: `${said}; up to ${automatic.most_changed_lines} need no person.` }
  }
  if (score > automatic.most_risk_score)
    return { answer: 'ask', reason: `A risk of ${score} is over ${automatic.most_risk_score} and needs a person.` }
  return { answer: 'approve', reason: 'Every path is one that the policy approves by itself, within its bounds.' }
}
