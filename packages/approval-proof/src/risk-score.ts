import type { Descriptor, DescriptorField } from './descriptor.ts'
import { explainLeaves } from './explain-leaves.ts'
import type { Payload } from './payload.ts'
import type { Coverage } from './render-action.ts'

export type RiskLevel = 'low' | 'medium' | 'high' | 'critical'

export type Risk = {
  /** 0 to 100: the sum of the contributions. */
  score: number
  level: RiskLevel
  contributions: Array<{ label: string; points: number }>
}

/** For a payload without a descriptor; every descriptor brings its own. */
export const defaultRiskLevels = { medium: 25, high: 50, critical: 75 }

const tierPoints = { A: 0, B: 15, C: 30 }

/**
 * How careful a person should be, from facts alone, with what each fact adds. A blind action is high at least.
 * `tier` is what policy decides it as. Pure: the same payload, descriptor and coverage give the same answer in the browser and on the server.
 */
export function riskScore(payload: Payload, descriptor: Descriptor | null, coverage: Coverage, tier: 'A' | 'B' | 'C'): Risk {
  const levels = descriptor?.risk_levels ?? defaultRiskLevels
  const contributions: Risk['contributions'] = []
  const add = (label: string, points: number) => {
    if (points !== 0) contributions.push({ label, points })
  }
  const total = () => contributions.reduce((sum, { points }) => sum + points, 0)

  add(`Tier ${tier}`, tierPoints[tier])
  if (payload.mode === 'live') add('Live: it leaves for the provider', 10)
  if (descriptor === null) add('Nobody has described how to undo this', 15)
  else if (descriptor.undo.kind === 'irreversible') add('Cannot be undone', 10)
  if (payload.cost !== null && payload.cost.amount_minor > 0) add('Costs money', 15)
  for (const field of listWeightedFields(payload, descriptor)) add(field.label, field.risk_weight)
  if (coverage.hidden_characters > 0) add('Text with hidden characters', 20)

  if (coverage.unexplained.length > 0 || coverage.missing.length > 0) {
    add('Blind: not everything can be explained', Math.max(20, levels.high - total()))
  }
  add('No more than 100', Math.min(0, 100 - total()))

  const score = total()
  return { score, level: toLevel(score, levels), contributions }
}

/** Each field counts once, however many places of a list it explains. */
function listWeightedFields(payload: Payload, descriptor: Descriptor | null): DescriptorField[] {
  const fields = new Set(explainLeaves(payload, descriptor).map((item) => item.field))
  return [...fields].filter((field) => field !== null && field.risk_weight > 0) as DescriptorField[]
}

function toLevel(score: number, levels: Descriptor['risk_levels']): RiskLevel {
  if (score >= levels.critical) return 'critical'
  if (score >= levels.high) return 'high'
  return score >= levels.medium ? 'medium' : 'low'
}
