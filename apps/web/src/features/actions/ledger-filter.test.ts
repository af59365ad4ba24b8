import { listExternalActions } from '@autopack/contract/operator-actions'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { readLedgerFilter, savedViews, toLedgerAddress } from './ledger-filter.ts'

const read = (text: string) => readLedgerFilter(new URLSearchParams(text))

describe('readLedgerFilter', () => {
  it('takes what the contract takes', () => {
    expect(read('state=UNKNOWN&observed=drifted&provider=demo_shop&q=walnut&cursor=abc-_1')).toEqual({
      state: 'UNKNOWN',
      observed: 'drifted',
      provider: 'demo_shop',
      q: 'walnut',
      cursor: 'abc-_1',
      limit: 50,
    })
  })

  it.each(['state=GONE', 'observed=maybe', 'provider=Demo Shop', 'provider=', 'cursor=a b', 'state=pending', `q=`])(
    'drops %s instead of asking for a page that would be refused',
    (text) => {
      expect(Object.values(read(text)).filter((value) => value !== undefined)).toEqual([50])
    },
  )

  it('never asks outside the contract, however long the words', () => {
    expect(z.safeParse(listExternalActions.query!, { ...read(`q=${'x'.repeat(900)}`), limit: '50' }).success).toBe(true)
  })
})

describe('toLedgerAddress', () => {
  it('goes back to the first page with every change but paging', () => {
    const search = new URLSearchParams('state=FAILED&cursor=abc')
    expect(toLedgerAddress(search, { q: 'desk' })).toBe('/actions?state=FAILED&q=desk')
    expect(toLedgerAddress(search, { cursor: 'def' })).toBe('/actions?state=FAILED&cursor=def')
    expect(toLedgerAddress(search, { state: null })).toBe('/actions')
  })
})

describe('savedViews', () => {
  it('are different filters', () => {
    expect(new Set(savedViews.map(({ state, observed }) => `${state} ${observed}`)).size).toBe(savedViews.length)
  })
})
