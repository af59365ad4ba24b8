import { describe, expect, test } from 'vitest'
import { listTooSmall, sortCaps, toBindingSentence, toCapName, toLoad, toScale, type Cap } from './cap-words.ts'

function buildCap(more: Partial<Cap>): Cap {
  const at = '2026-11-23T00:00:00.000Z'
  return {
    ...{ scope: null, currency: null, cap: 10, used: 0, reserved: 0, waiting: 0, resets_at: at },
    ...{ ceiling: 10, working: null, set_by: null, set_at: null },
    ...more,
  }
}
const sentence = (...caps: Cap[]) => Object.values(toBindingSentence(sortCaps(caps))).join('')

describe('the sentence of the page', () => {
  test.each([
    [
      'names the cap that binds first',
      [buildCap({ used: 4, reserved: 1, waiting: 1 }), buildCap({ currency: 'USD', cap: 6_000, used: 100 })],
      'The next cap to bind is Actions, all kinds: 4 of 10 done, 1 reserved, 1 waiting.',
    ],
    [
      'says when not all that waits fits',
      [buildCap({ currency: 'EUR', cap: 1_000, waiting: 173_875_000 })],
      'Spend in EUR, all kinds does not hold what waits: €0.00 of €10.00 done, €1,738,750.00 waiting.',
    ],
    ['says when a cap is used up', [buildCap({ used: 10 })], 'Actions, all kinds is used up: 10 of 10 done.'],
    ['says when nothing happened', [buildCap({}), buildCap({ currency: 'USD' })], 'Nothing is spent, reserved or waiting today.'],
    ['says what no cap means', [], 'No cap is set, so nothing that costs can be taken.'],
  ])('%s', (_, caps, text) => expect(sentence(...caps)).toBe(text))

  test('a cap of nothing binds as soon as something waits, before every other', () => {
    expect(sentence(buildCap({ used: 9 }), buildCap({ currency: 'JPY', cap: 0, waiting: 500 }))).toBe(
      'Spend in JPY, all kinds is set to nothing: JPY 500 waiting, none of it can be taken.',
    )
  })
})

test('a cap that was lowered below what is spent is over, and its scale ends at the mark', () => {
  const cap = buildCap({ cap: 5, used: 7, reserved: 1, waiting: 2 })
  expect(toScale(cap)).toEqual({ done: 100, reserved: 0, waiting: 0, over: true })
  expect(toLoad(cap)).toBe(2)
})

test('the parts of a scale stand behind each other', () => {
  expect(toScale(buildCap({ used: 2, reserved: 1, waiting: 3 }))).toEqual({ done: 20, reserved: 10, waiting: 30, over: false })
  expect(toScale(buildCap({ cap: 0 }))).toEqual({ done: 0, reserved: 0, waiting: 0, over: false })
})

test('every cap that does not hold what waits is said, with what is left', () => {
  expect(listTooSmall([buildCap({ used: 9, waiting: 2 }), buildCap({ waiting: 10 })])).toEqual([
    {
      name: 'Actions, all kinds',
      text: '2 waiting, 1 left. What does not fit is refused when it is taken, even when approved.',
    },
  ])
})

test('limits of a kind of action and of its grant are told apart', () => {
  expect(toCapName({ scope: 'etsy.create_listing', currency: null })).toEqual({ name: 'etsy.create_listing', of: 'count' })
  expect(toCapName({ scope: 'grant:local.write_file', currency: 'USD' })).toEqual({
    name: 'local.write_file',
    of: 'money, USD, granted without a person',
  })
})
