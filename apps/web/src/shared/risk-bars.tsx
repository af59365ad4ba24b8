import type { riskLevels } from '@autopack/contract/external-actions'

export type RiskLevel = (typeof riskLevels)[number]

const levels: Record<RiskLevel, { bars: number; word: string }> = {
  low: { bars: 1, word: 'Low' },
  medium: { bars: 2, word: 'Medium' },
  high: { bars: 3, word: 'High' },
  critical: { bars: 4, word: 'Critical' },
}

/** Four bars and the word; never a colour. */
export function RiskBars({ level }: { level: RiskLevel }) {
  const { bars, word } = levels[level]
  return (
    <span className="risk" data-l={bars}>
      <svg viewBox="0 0 14 12" aria-hidden="true">
        <rect x="0" y="9" width="2.5" height="3" />
        <rect x="3.8" y="6" width="2.5" height="6" />
        <rect x="7.6" y="3" width="2.5" height="9" />
        <rect x="11.4" y="0" width="2.5" height="12" />
      </svg>
      <span>
        <span className="sr">Risk </span>
        {word}
      </span>
    </span>
  )
}
