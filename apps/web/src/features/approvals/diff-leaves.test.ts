import { findDescriptor } from '@autopack/action-catalog/catalog'
import { renderAction } from '@autopack/approval-proof/render-action'
import { describe, expect, it } from 'vitest'
import { diffLeaves, toDiffWords } from './diff-leaves.ts'
import { buildListing } from './honest-action.ts'
import { findWhyNot } from './use-comparison.ts'

const descriptor = findDescriptor('demo_shop', 'create_listing')!
const read = (body: object, more: object = {}) => {
  const payload = buildListing(body, more)
  return { payload, rendered: renderAction(payload, descriptor) }
}
const diff = (before: object, after: object) => diffLeaves(read(before), read(after))

describe('diffLeaves', () => {
  it('counts every value once: changed, gone or proven equal', () => {
    const found = diff({ title: 'Walnut desk tray', tags: ['walnut', 'desk', 'tray'] }, { price: { amount_minor: 3_900, currency: 'EUR' } })
    expect(found.changes.map(({ label, before, after }) => [label, before, after])).toEqual([
      ['Title', 'Walnut desk tray', 'Walnut desk organiser'],
      ['Price', '€38.00', '€39.00'],
      ['Tag 3', 'tray', null],
    ])
    expect(found.equal_count).toBe(found.count - 2)
    expect(toDiffWords(found)).toBe(`2 of ${found.count} fields changed, 1 is gone; ${found.count - 2} proven equal`)
  })

  it('says all only when the two are the same value for value', () => {
    const found = diff({}, {})
    expect(found.changes).toEqual([])
    expect(toDiffWords(found)).toBe(`0 of ${found.count} fields changed; all proven equal`)
  })

  it('shows what nobody can explain, and what was added', () => {
    expect(diff({}, { x_partner: true }).changes).toMatchObject([
      { pointer: '/request/body/x_partner', unexplained: true, before: null, after: 'true' },
    ])
  })

  it('tells apart what is drawn alike', () => {
    const [one, other] = [read({ title: 'a' }), read({ title: 'a \u202e' })]
    for (const field of [...one.rendered.fields, ...other.rendered.fields]) if (field.label === 'Title') field.value_text = 'alike'
    expect(diffLeaves(one, other).changes).toMatchObject([{ before: '"a"', after: '"a ⟨U+202E⟩"' }])
  })
})

describe('findWhyNot', () => {
  it('refuses to compare with another kind, another target, or bytes that are not the approved ones', () => {
    const now = read({})
    expect(findWhyNot(read({ title: 'x' }), now)).toBeNull()
    expect(findWhyNot(read({}, { target: { shop: 'other' } }), now)).toMatch('another target')
    expect(findWhyNot({ ...now, payload: { ...now.payload, operation: 'refund' } }, now)).toMatch('another kind')
    expect(findWhyNot({ unusable: 'other bytes' }, now)).toBe('other bytes')
  })
})
