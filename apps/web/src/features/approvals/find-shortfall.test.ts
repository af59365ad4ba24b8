import { describe, expect, it } from 'vitest'
import { findShortfall } from './find-shortfall.ts'

const people = (...names: string[]) => names.map((name) => ({ operator_id: `op_${name}`, name }))
const group = (role: 'approver' | 'admin', count: number, names: string[], people_total = names.length) => ({
  group: role === 'admin' ? 1 : 0,
  role,
  count,
  people: people(...names),
  people_total,
})

describe('findShortfall', () => {
  it('finds nothing wrong while enough people may see it, or when nothing is missing', () => {
    expect(findShortfall([])).toBeNull()
    expect(findShortfall([group('approver', 2, ['Ada', 'Bo'])])).toBeNull()
    expect(findShortfall([group('approver', 1, ['Ada', 'Bo']), group('admin', 1, ['Ada'])])).toBeNull()
  })

  it('counts everybody, and not only those who are named', () => {
    expect(findShortfall([group('approver', 3, ['Ada'], 40)])).toBeNull()
  })

  it('says who is left when they are too few, or nobody', () => {
    expect(findShortfall([group('approver', 2, ['Ada'])])).toEqual({ role: 'approver', needed: 2, people: people('Ada') })
    expect(findShortfall([group('admin', 1, [])])).toEqual({ role: 'admin', needed: 1, people: [] })
  })

  it('sees that one person cannot stand for two groups', () => {
    expect(findShortfall([group('approver', 1, ['Ada']), group('admin', 1, ['Ada'])])).toEqual({ role: 'approver', needed: 2, people: people('Ada') })
  })
})
