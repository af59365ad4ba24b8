import { parseAuditQuery } from '@autopack/contract/audit-query'
import { describe, expect, it } from 'vitest'
import { quickFilters, toAuditAddress, toTermAddress, withTerm } from './audit-address.ts'

describe('addresses of queries', () => {
  it('keeps a query whole, and everything has the shortest address', () => {
    expect(new URL(toAuditAddress('who:mira "walnut & oak"'), 'http://x').searchParams.get('q')).toBe('who:mira "walnut & oak"')
    expect(toAuditAddress('  ')).toBe('/audit')
  })

  it('quotes what has spaces', () => {
    expect(new URL(toTermAddress('who', 'Mira "the" Lang'), 'http://x').searchParams.get('q')).toBe('who:"Mira \\"the\\" Lang"')
  })
})

describe('withTerm', () => {
  it('replaces what was said of the same field, and keeps the rest', () => {
    expect(withTerm('who:mira did:decision -who:tom walnut', 'who', 'Ida')).toBe('did:decision -who:tom walnut who:Ida')
    expect(withTerm('', 'did', 'external_action.approved')).toBe('did:external_action.approved')
  })

  it('leaves behind a query that cannot be read', () => {
    expect(withTerm('who:', 'did', 'decision')).toBe('did:decision')
  })
})

it.each(quickFilters)('the filter $name is a query that can be read', ({ query }) => {
  expect(parseAuditQuery(query)).toMatchObject({ ok: true })
})
