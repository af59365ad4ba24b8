import { expect, test } from 'vitest'
import { formatMoney } from './format-money.ts'

test.each([
  [20, 'USD', '$0.20'],
  [123_456, 'EUR', '€1,234.56'],
  [120, 'JPY', '¥120'],
  [1_500, 'KWD', 'KWD 1.500'],
])('%d minor units of %s are written with the decimals of the currency', (amount_minor, currency, text) => {
  expect(formatMoney({ amount_minor, currency }).replace('\u00a0', ' ')).toBe(text)
})
