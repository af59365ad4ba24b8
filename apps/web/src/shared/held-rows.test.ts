import { describe, expect, it } from 'vitest'
import { mergeHeldRows } from './held-rows.ts'

type Item = { id: string; version: number }
const item = (id: string, version = 1): Item => ({ id, version })
const reading = { toId: ({ id }: Item) => id, toVersion: ({ version }: Item) => version }

function merge(held: Item[], newest: Item[]) {
  return mergeHeldRows(held, newest, reading)
}

describe('mergeHeldRows', () => {
  it('takes everything when nothing is on screen', () => {
    expect(merge([], [item('b'), item('a')])).toEqual({
      rows: [
        { item: item('b'), gone: false },
        { item: item('a'), gone: false },
      ],
      arrived: 0,
      moved: false,
    })
  })

  it('renews rows in place, whatever order the newest answer has, and only counts what arrived', () => {
    const { rows, arrived } = merge([item('a'), item('b')], [item('c'), item('b'), item('a', 2)])
    expect(rows.map((row) => row.item)).toEqual([item('a', 2), item('b')])
    expect(arrived).toBe(1)
  })

  it('never puts an old state back when an answer was overtaken', () => {
    expect(merge([item('a', 5)], [item('a', 4)]).rows).toEqual([{ item: item('a', 5), gone: false }])
  })

  it('keeps a row that left where it was, marked as gone, and says that the list is another', () => {
    const { rows, moved } = merge([item('a'), item('b')], [item('b')])
    expect(rows).toEqual([
      { item: item('a'), gone: true },
      { item: item('b'), gone: false },
    ])
    expect(moved).toBe(true)
  })

  it('counts new rows, and knows when only the order differs', () => {
    const held = [item('a'), item('b')]
    expect(merge(held, [item('d'), item('c'), item('a')])).toMatchObject({ arrived: 2, moved: false })
    expect(merge(held, [item('b'), item('a')])).toMatchObject({ arrived: 0, moved: true })
    expect(merge(held, [item('a', 2), item('b')])).toMatchObject({ arrived: 0, moved: false })
  })
})
