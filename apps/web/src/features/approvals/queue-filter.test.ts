import { describe, expect, it } from 'vitest'
import { actionableQueueQuery, approvalQueueQuery } from '../../shared/approval-queue-queries.ts'
import { readQueueFilter, toQueueSearch } from './queue-filter.ts'

describe('readQueueFilter', () => {
  it('asks the very query of the badge when nothing is filtered, so that the two cannot disagree', () => {
    const { query } = readQueueFilter(new URLSearchParams(''))
    expect(approvalQueueQuery(query).queryKey).toEqual(actionableQueueQuery.queryKey)
  })

  it.each(['scope=everything', 'cursor=../x', 'scope=', 'cursor='])('takes no notice of %s', (text) => {
    expect(readQueueFilter(new URLSearchParams(text)).query).toEqual({ scope: 'actionable', limit: 100 })
  })

  it('survives the way through the address', () => {
    const filter = { scope: 'decided', q: 'walnut & “oak”', cursor: 'abc_1' } as const
    expect(readQueueFilter(new URLSearchParams(toQueueSearch(filter)))).toMatchObject(filter)
  })
})
