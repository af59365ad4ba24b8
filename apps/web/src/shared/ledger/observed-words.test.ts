import { describe, expect, it } from 'vitest'
import { splitFields, toObservedWords } from './observed-words.ts'

const field = (same: boolean | null) => ({ label: 'Price', sent: '/price', observed: '/price', sent_text: '1', observed_text: '1', same })

describe('toObservedWords', () => {
  it('says what differs before what is equal', () => {
    expect(toObservedWords({ fields: [field(true), field(false), field(true)] })).toBe('1 of 3 fields differs')
    expect(toObservedWords({ fields: [field(false), field(false)] })).toBe('2 of 2 fields differ')
  })

  it('never counts a value that was not found as equal', () => {
    expect(toObservedWords({ fields: [field(true), field(null)] })).toBe('1 field equal, 1 not found there')
    expect(toObservedWords({ fields: [field(null)] })).toBe('1 not found there')
  })

  it('says when nothing was compared', () => {
    expect(toObservedWords({ fields: [] })).toBe('no field was compared')
    expect(toObservedWords({ fields: [field(true), field(true)] })).toBe('all 2 fields equal')
  })
})

describe('splitFields', () => {
  it('puts what is off apart from what is equal and keeps the order', () => {
    const fields = [field(true), field(null), field(false)]
    expect(splitFields(fields)).toEqual({ off: [fields[1], fields[2]], equal: [fields[0]] })
  })
})
