import { describe, expect, it } from 'vitest'
import { toNowSentence } from './now-sentence.ts'

const nowMs = Date.parse('2026-11-22T13:18:00.000Z')
const dollars = { requested_at: '2026-11-22T13:00:00.000Z', cost: { amount_minor: 20, currency: 'USD' }, blind: false }
const euros = { requested_at: '2026-11-22T13:10:00.000Z', cost: { amount_minor: 4_198, currency: 'EUR' }, blind: false }
const free = { requested_at: '2026-11-22T13:17:00.000Z', cost: null, blind: false }

describe('toNowSentence', () => {
  it.each([
    [[], 0, 'Nothing needs you.'],
    [[dollars], 1, '1 needs you. Oldest 18 min. $0.20 would leave.'],
    [[dollars, euros, dollars], 3, '3 need you. Oldest 18 min. €41.98 and $0.40 would leave.'],
    [[free], 1, '1 needs you. Oldest 1 min. No money would leave.'],
  ])('says of %o what a person wants to know first', (items, count, sentence) => {
    expect(toNowSentence(items, { count, exact: true }, nowMs).join(' ')).toBe(sentence)
  })

  it('never adds up what it does not know: missing items make the sum a lower bound', () => {
    expect(toNowSentence([dollars], { count: 140, exact: true }, nowMs).join(' ')).toBe('140 need you. Oldest 18 min. At least $0.20 would leave.')
    expect(toNowSentence([free], { count: 10_000, exact: false }, nowMs).join(' ')).toBe('10,000 or more need you. Oldest 1 min.')
  })

  it('never says that nothing would leave of what nobody can explain', () => {
    const blind = { ...free, blind: true }
    expect(toNowSentence([blind], { count: 1, exact: true }, nowMs).join(' ')).toBe('1 needs you. Oldest 1 min.')
    expect(toNowSentence([blind, dollars], { count: 2, exact: true }, nowMs)[2]).toBe('At least $0.20 would leave.')
  })

  it('asks nobody to approve while the brake is engaged, and says what still works', () => {
    const sentence = toNowSentence([dollars, euros], { count: 2, exact: true }, nowMs, true).join(' ')
    expect(sentence).toBe('2 wait. Oldest 18 min. The brake is engaged: rejecting works, approving does not.')
  })

  it('does not count backwards when the clock of the server moves', () => {
    expect(toNowSentence([dollars], { count: 1, exact: true }, nowMs - 86_400_000)[1]).toBe('Oldest 0 s.')
  })
})
