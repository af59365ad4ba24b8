import { formatMoney } from '@autopack/approval-proof/format-money'

/** Digits after the point of this currency; null: nobody here knows, and amounts are typed in minor units. */
export function toExponent(currency: string): number | null {
  const zero = formatMoney(0, currency)
  return zero.includes('minor units') ? null : (zero.split('.')[1]?.length ?? 0)
}

/**
 * What a person typed as a cap, in minor units or actions; null when it is no such amount. `,` between thousands is taken, cents that the
 * currency does not have are not: nothing is rounded behind somebody’s back.
 */
export function parseAmount(text: string, currency: string | null): number | null {
  const exponent = currency === null ? 0 : (toExponent(currency) ?? 0)
  const found = /^(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d+))?$/.exec(text.trim())
  if (!found) return null
  const fraction = found[2] ?? ''
  if (fraction.length > exponent) return null
  const minor = Number(found[1]!.replaceAll(',', '') + fraction.padEnd(exponent, '0'))
  return Number.isSafeInteger(minor) ? minor : null
}

/** The amount as the field shows it: `60.00`, without a sign of the currency. */
export function toFieldText(amount: number, currency: string | null): string {
  const exponent = currency === null ? 0 : (toExponent(currency) ?? 0)
  if (exponent === 0) return String(amount)
  const digits = String(amount).padStart(exponent + 1, '0')
  return `${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`
}
