import type { Money as Amount } from '@autopack/contract/primitives'
import { formatMoney } from './format-money.ts'

/** Null: nothing is known about the cost; never drawn as zero. */
export function Money({ amount }: { amount: Amount | null }) {
  if (!amount) return <span className="muted">not known</span>
  return (
    <span className="tn nowrap" title={`${formatMoney(amount)} ${amount.currency}`}>
      {formatMoney(amount)}
    </span>
  )
}
