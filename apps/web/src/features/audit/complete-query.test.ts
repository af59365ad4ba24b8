import { describe, expect, it } from 'vitest'
import { completeQuery } from './complete-query.ts'

const seen = {
  who: [
    { value: 'Mira Kessler', explains: 'approver' },
    { value: 'shop-writer', explains: 'executor' },
  ],
}

function take(text: string, place = 0): string {
  const { start, end, text: taken } = completeQuery(text, text.length, seen)[place]!
  return text.slice(0, start) + taken + text.slice(end)
}

describe('completeQuery', () => {
  it('offers every field with its explanation where nothing is typed yet', () => {
    const options = completeQuery('', 0, seen)
    expect(options.map(({ shown }) => shown)).toContain('since:')
    expect(options.every(({ explains }) => explains !== '')).toBe(true)
  })

  it('offers the closed values of a field', () => {
    expect(take('result:re')).toBe('result:refused ')
    expect(take('who:x ri')).toBe('who:x risk:')
  })

  it('offers the people that were seen, and quotes a name with a space', () => {
    expect(take('who:mi')).toBe('who:"Mira Kessler" ')
    expect(take('-who:shop')).toBe('-who:shop-writer ')
    expect(completeQuery('who:nobody', 10, seen)).toEqual([])
  })
})
