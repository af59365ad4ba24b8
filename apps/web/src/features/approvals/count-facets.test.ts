import type { WaitingItem } from '@autopack/contract/approvals'
import { describe, expect, it } from 'vitest'
import { countFacets, listProviders } from './count-facets.ts'

const action = (provider: string, level: string) =>
  ({ kind: 'external_action', action: { provider, risk: { level } }, approval_ref: { kind: 'external_action', id: provider } }) as WaitingItem
const request = (kind: 'approval_request' | 'governance_request', level: string) =>
  ({ kind, request: { risk: { level } }, approval_ref: { kind, id: kind } }) as WaitingItem

const items = [action('etsy', 'high'), action('etsy', 'low'), action('shopify', 'high'), request('governance_request', 'high')]
const list = { items, total: { count: 4, exact: true } }
const nothing = { kind: null, risk: null, provider: null, q: '' } as const

describe('countFacets', () => {
  it('counts exactly the rows that each link opens, beside the filters in force', () => {
    const counts = countFacets(list, nothing)!
    expect([counts.kind('external_action'), counts.kind('governance_request'), counts.kind('approval_request')]).toEqual([3, 1, 0])
    expect([counts.risk('high'), counts.risk('critical'), counts.provider('etsy')]).toEqual([3, 0, 2])
    const high = countFacets(list, { ...nothing, risk: 'high' })!
    expect([high.kind('external_action'), high.provider('etsy'), high.risk('low')]).toEqual([2, 1, 1])
  })

  it('says nothing where it cannot know: rows are missing, or words are searched', () => {
    expect(countFacets({ items, total: { count: 5, exact: true } }, nothing)).toBeNull()
    expect(countFacets({ items, total: { count: 4, exact: false } }, nothing)).toBeNull()
    expect(countFacets(list, { ...nothing, q: 'walnut' })).toBeNull()
    expect(countFacets(undefined, nothing)).toBeNull()
  })
})

describe('listProviders', () => {
  it('names each once, and the one that is asked for even when no row has it', () => {
    expect(listProviders(items, null)).toEqual(['etsy', 'shopify'])
    expect(listProviders([], 'youtube')).toEqual(['youtube'])
  })
})
