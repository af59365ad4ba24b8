import { describe, expect, it } from 'vitest'
import { compareRevisions } from './compare-revisions.ts'

const field = (pointer: string, value_text: string) => ({ pointer, label: pointer.slice(1), value_text, explained: true })

describe('compareRevisions', () => {
  it('names what changed, what came and what is gone, and counts the rest', () => {
    const before = [field('/title', 'Desk'), field('/price', '€34.00'), field('/tag', 'walnut')]
    const after = [field('/title', 'Desk'), field('/price', '€38.00'), field('/quantity', '12')]
    expect(compareRevisions(before, after)).toEqual({
      changes: [
        { pointer: '/price', label: 'price', before: '€34.00', after: '€38.00' },
        { pointer: '/quantity', label: 'quantity', before: null, after: '12' },
        { pointer: '/tag', label: 'tag', before: 'walnut', after: null },
      ],
      equal: 1,
    })
  })

  it('tells an empty value from one that is not there', () => {
    expect(compareRevisions([field('/title', '')], []).changes).toEqual([{ pointer: '/title', label: 'title', before: '', after: null }])
  })

  it('finds nothing between equal ones', () => {
    expect(compareRevisions([field('/a', '1')], [field('/a', '1')])).toEqual({ changes: [], equal: 1 })
  })
})
