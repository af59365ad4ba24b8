import { describe, expect, it } from 'vitest'
import { readAuditFilter, toAuditSearch } from './audit-filter.ts'

describe('readAuditFilter', () => {
  it('reads every part the address may hold', () => {
    const text = 'actor=mira&event_type=external_action.approved&run_id=r%3A1&approval_ref=act_1&result=refused&q=walnut'
    expect(readAuditFilter(new URLSearchParams(text))).toEqual({
      actor: 'mira',
      event_type: 'external_action.approved',
      run_id: 'r:1',
      approval_ref: 'act_1',
      result: 'refused',
      q: 'walnut',
    })
  })

  it.each(['result=maybe', 'run_id=../x', 'run_id=', `q=${'x'.repeat(201)}`, 'unknown=1'])('leaves out %s instead of failing', (text) => {
    expect(readAuditFilter(new URLSearchParams(text))).toEqual({})
  })
})

describe('toAuditSearch', () => {
  it('sets and takes out one part and keeps the others', () => {
    expect(toAuditSearch({ actor: 'mira' }, 'q', 'walnut & oak')).toBe('/audit?actor=mira&q=walnut+%26+oak')
    expect(toAuditSearch({ actor: 'mira', q: 'x' }, 'actor', '')).toBe('/audit?q=x')
    expect(toAuditSearch({ q: 'x' }, 'q', '')).toBe('/audit')
  })
})
