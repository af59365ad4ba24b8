import { describe, expect, it } from 'vitest'
import { approvalQueueQuery, actionableQueueQuery } from '../../shared/approval-queue-queries.ts'
import { isNarrowed, readQueueFilter, toQueueSearch } from './queue-filter.ts'

describe('readQueueFilter', () => {
  it('asks the very query of the badge when nothing is filtered, so that the two cannot disagree', () => {
    const { query } = readQueueFilter(new URLSearchParams(''))
    expect(approvalQueueQuery(query).queryKey).toEqual(actionableQueueQuery.queryKey)
  })

  it.each(['scope=everything', 'cursor=../x', 'scope=', 'cursor=', 'kind=act', 'risk=awful', 'provider=../etc', 'provider=Etsy'])(
    'takes no notice of %s',
    (text) => {
      const filter = readQueueFilter(new URLSearchParams(text))
      expect(filter.query).toEqual({ scope: 'actionable', limit: 100 })
      expect(isNarrowed(filter)).toBe(false)
    },
  )

  it('survives the way through the address, with everything that narrows it', () => {
    const filter = { scope: 'decided', kind: 'governance_request', risk: 'high', provider: 'etsy', q: 'walnut & “oak”', cursor: 'abc_1' } as const
    const read = readQueueFilter(new URLSearchParams(toQueueSearch(filter)))
    expect(read).toMatchObject(filter)
    expect(read.query).toEqual({ ...filter, limit: 100 })
    expect(isNarrowed(read)).toBe(true)
  })
})
