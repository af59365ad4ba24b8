import { expect, test } from 'vitest'
import { parseAmount, toFieldText } from './parse-amount.ts'

test.each([
  ['60', 'USD', 6_000],
  ['60.5', 'USD', 6_050],
  ['60.05', 'USD', 6_005],
  ['1,234,567.89', 'EUR', 123_456_789],
  [' 0 ', 'EUR', 0],
  ['500', 'JPY', 500],
  ['0.001', 'KWD', 1],
  ['7', 'XYZ', 7],
  ['40', null, 40],
  ['1,000', null, 1_000],
])('%j of %s is %d', (text, currency, amount) => expect(parseAmount(text, currency)).toBe(amount))

test.each([
  ['', 'USD'],
  ['-1', 'USD'],
  ['1.234', 'USD'],
  ['1.5', 'JPY'],
  ['1.5', null],
  ['1e3', 'USD'],
  ['$5', 'USD'],
  ['1,23', 'USD'],
  ['12,34.5', 'USD'],
  ['5 USD', 'USD'],
  ['NaN', null],
  ['9'.repeat(17), null],
  ['٣', null],
])('%j of %s is no amount', (text, currency) => expect(parseAmount(text, currency)).toBeNull())

test('what the field shows is read back as the same amount', () => {
  for (const currency of ['USD', 'JPY', 'KWD', 'XYZ', null])
    for (const amount of [0, 1, 99, 100, 123_456_789]) expect(parseAmount(toFieldText(amount, currency), currency)).toBe(amount)
})
