import { formatMoney } from '@autopack/approval-proof/format-money'
import type { ExternalActionSummary } from '@autopack/contract/external-actions'

/** What an action costs, written as on its decision page. What nobody can explain may cost anything; it is never drawn as nothing. */
export function Cost({ action: { cost, blind } }: { action: Pick<ExternalActionSummary, 'cost' | 'blind'> }) {
  if (cost === null) return <span className="muted">{blind ? 'not known' : 'nothing'}</span>
  const text = formatMoney(cost.amount_minor, cost.currency)
  return (
    <span className="tn nowrap" title={`${text} ${cost.currency}`}>
      {text}
    </span>
  )
}
