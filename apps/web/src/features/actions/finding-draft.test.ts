import type { ExternalAction } from '@autopack/contract/external-actions'
import { resolveExternalAction } from '@autopack/contract/operator-actions'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { emptyFinding, findFindingFault, toFinding, type FindingDraft } from './finding-draft.ts'

const execution = { execution_id: 'exe_018f2c6e-7b1a-7c3d-8e9f-0123456789ab' } as NonNullable<ExternalAction['execution']>
const draft: FindingDraft = { outcome: 'completed', looked_at: ' the shop ', reason: 'listing 7 is there', external_object_id: '7' }

describe('findFindingFault', () => {
  it('asks for one thing at a time, in the order of the form', () => {
    expect(findFindingFault(emptyFinding)).toBe('say where you looked')
    expect(findFindingFault({ ...emptyFinding, looked_at: 'x' })).toBe('choose what you found')
    expect(findFindingFault({ ...emptyFinding, looked_at: 'x', outcome: 'failed' })).toBe('say how you know')
    expect(findFindingFault(draft)).toBeNull()
  })

  it('never lets more through than the contract takes', () => {
    expect(findFindingFault({ ...draft, reason: 'x'.repeat(2_001) })).toBe('shorten how you know')
    expect(findFindingFault({ ...draft, looked_at: 'x'.repeat(2_001) })).toBe('shorten where you looked')
    expect(findFindingFault({ ...draft, external_object_id: 'x'.repeat(201) })).toBe('shorten the object id')
  })
})

describe('toFinding', () => {
  it('fits the contract', () => {
    const finding = toFinding(draft, execution)!
    expect(finding).toMatchObject({ outcome: 'completed', looked_at: 'the shop', external_object_id: '7' })
    const shape = resolveExternalAction.body!
    expect(z.safeParse(shape, { ...finding, execution_id: execution.execution_id }).error?.issues.map((issue) => issue.path.join('/')) ?? []).toEqual(
      [],
    )
  })

  it('names no object for what did not happen', () => {
    expect(toFinding({ ...draft, outcome: 'failed' }, execution)).not.toHaveProperty('external_object_id')
    expect(toFinding({ ...draft, outcome: null }, execution)).toBeNull()
  })
})
