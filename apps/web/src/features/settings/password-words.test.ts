import { describe, expect, it } from 'vitest'
import { findPasswordProblem } from './password-words.ts'

const good = { current: 'old password here', next: 'walnut lantern fjord', again: 'walnut lantern fjord' }

describe('findPasswordProblem', () => {
  it('lets a long password through that was typed the same twice', () => {
    expect(findPasswordProblem(good)).toBeNull()
  })

  it.each([
    [{ ...good, current: '' }, 'current'],
    [{ ...good, next: 'short', again: 'short' }, '5 of at least 15'],
    [{ ...good, again: 'walnut lantern fjorD' }, 'not the same'],
    [{ ...good, next: good.current, again: good.current }, 'the current one'],
  ])('says in words what is wrong with %o', (typed, words) => {
    expect(findPasswordProblem(typed)).toContain(words)
  })

  it('counts characters as people do, not UTF-16 units', () => {
    const next = '🪵'.repeat(14)
    expect(findPasswordProblem({ current: 'x', next, again: next })).toContain('14 of at least 15')
  })
})
