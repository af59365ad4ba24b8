import { currencyExponent } from './currency-exponent.ts'

const symbols: Record<string, string> = { EUR: '€', GBP: '£', USD: '$' }

/**
 * An amount of minor units in a form without locale: `€38.00`, `$1,234.50`, `CHF 12.00`, `JPY 500`.
 * A currency whose exponent is not known is said as it is: `3800 minor units of XYZ`, never guessed at.
 */
export function formatMoney(amountMinor: number, currency: string): string {
  const exponent = currencyExponent(currency)
  if (exponent === undefined) return `${amountMinor} minor units of ${currency}`
  const sign = amountMinor < 0 ? '-' : ''
  const digits = String(Math.abs(amountMinor)).padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(?:[0-9]{3})+$)/g, ',')
  const fraction = exponent === 0 ? '' : `.${digits.slice(-exponent)}`
  return `${sign}${symbols[currency] ?? `${currency} `}${whole}${fraction}`
}
