import { describe, expect, it } from 'vitest'
import { readAuditSearch, setAuditTerm, toAuditSearch, toAuditStory } from './audit-filter.ts'

describe('the query in the address', () => {
  it('is read as it was written', () => {
    const query = 'who:"Mira Lang" -did:refusal walnut & oak'
    expect(readAuditSearch(new URL(toAuditSearch(query), 'http://localhost').searchParams)).toBe(query)
    expect(readAuditSearch(new URLSearchParams())).toBe('')
    expect(toAuditSearch(' ')).toBe('/audit')
  })

  it('names what is in it with quotes where it takes them', () => {
    expect(toAuditStory('run', 'nightly:2026')).toBe('/audit?q=run%3Anightly%3A2026')
    expect(toAuditStory('who', 'Mira Lang')).toBe('/audit?q=who%3A%22Mira+Lang%22')
  })
})

describe('setAuditTerm', () => {
  it('sets, replaces and takes out one field and keeps the rest', () => {
    expect(setAuditTerm('walnut who:mira', 'result', 'refused')).toBe('walnut who:mira result:refused')
    expect(setAuditTerm('who:mira walnut -who:tom', 'who', 'tom')).toBe('walnut who:tom')
    expect(setAuditTerm('who:mira', 'who', '')).toBe('')
  })

  it('keeps what does not parse, so that nothing a person typed is lost', () => {
    expect(setAuditTerm('"not closed', 'who', 'mira')).toBe('"not closed who:mira')
  })
})
