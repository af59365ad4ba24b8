import type { Money } from '@autopack/contract/primitives'

/** Minor units to text with the currency, by the currency's own number of decimals: `$0.20`, `¥120`. */
export function formatMoney({ amount_minor, currency }: Money): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'narrowSymbol' })
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2
  return format.format(amount_minor / 10 ** decimals)
}
