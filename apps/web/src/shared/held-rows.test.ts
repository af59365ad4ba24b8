import { describe, expect, it } from 'vitest'
import { mergeHeldRows } from './held-rows.ts'

const toId = (item: { id: string }) => item.id
const one = { id: '1', word: 'old' }
const two = { id: '2', word: 'old' }
const three = { id: '3', word: 'new' }

describe('mergeHeldRows', () => {
  it('takes everything when nothing is on screen', () => {
    expect(mergeHeldRows([], [two, one], toId)).toEqual({
      rows: [
        { item: two, gone: false },
        { item: one, gone: false },
      ],
      arrived: 0,
    })
  })

  it('renews rows in place, whatever order the newest answer has, and only counts what arrived', () => {
    const renewed = { id: '1', word: 'renewed' }
    const { rows, arrived } = mergeHeldRows([one, two], [three, two, renewed], toId)
    expect(rows.map((row) => row.item)).toEqual([renewed, two])
    expect(arrived).toBe(1)
  })

  it('keeps a row that left where it was, marked as gone', () => {
    expect(mergeHeldRows([one, two], [two], toId).rows).toEqual([
      { item: one, gone: true },
      { item: two, gone: false },
    ])
  })
})
