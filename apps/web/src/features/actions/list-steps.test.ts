import type { ExternalAction } from '@autopack/contract/external-actions'
import { describe, expect, it } from 'vitest'
import { listSteps } from './list-steps.ts'

const at = (minute: number) => `2026-11-22T14:${String(minute).padStart(2, '0')}:00.000Z`
const person = { operator_id: 'op_1', name: 'Mira' }

function build(more: Partial<ExternalAction>): ExternalAction {
  return {
    state: 'COMPLETED',
    change_requested: false,
    executor: { executor_id: 'exr_1', name: 'shop-writer' },
    revisions: [
      { revision: 2, created_at: at(6) },
      { revision: 1, created_at: at(1) },
    ],
    decisions: [
      { decision_id: 'd1', kind: 'ask_change', decided_by: person, decided_at: at(4) },
      { decision_id: 'd2', kind: 'approve', decided_by: person, decided_at: at(8) },
    ],
    execution: null,
    ...more,
  } as ExternalAction
}

function buildExecution(more: object): ExternalAction['execution'] {
  const execution = { fence: 7, claimed_at: at(9), finished_at: at(10), outcome: 'completed', sent: 'yes', observed: null, resolution: null }
  return { ...execution, ...more } as unknown as ExternalAction['execution']
}

const words = (action: ExternalAction) => listSteps(action).map((step) => step.words)

describe('listSteps', () => {
  it('tells the story in the order it happened, whatever order it came in', () => {
    expect(words(build({ execution: buildExecution({}) }))).toEqual([
      'Proposed by shop-writer',
      'Mira asked for a change',
      'Revision 2 by shop-writer',
      'Approved by Mira',
      'Taken by shop-writer, fence 7',
      'Finished',
    ])
  })

  it('says of a failure whether anything was sent', () => {
    expect(words(build({ execution: buildExecution({ outcome: 'failed', sent: 'no' }) })).at(-1)).toBe('Failed, not sent')
    expect(words(build({ execution: buildExecution({ outcome: 'failed', sent: 'yes' }) })).at(-1)).toBe('Failed, sent')
  })

  it('never calls an execution finished whose executor fell silent', () => {
    const silent = build({ state: 'UNKNOWN', execution: buildExecution({ finished_at: null, outcome: null, sent: null }) })
    expect(words(silent).at(-1)).toBe('shop-writer fell silent while it held the lease')
    expect(words(silent)).not.toContain('Finished')
  })

  it('ends with what was read back and what a person found', () => {
    const fields = [{ label: 'Price', sent: '/p', observed: '/p', sent_text: '1', observed_text: '2', same: false }]
    const observed = { result: 'drifted', observed_at: at(20), fields, detail: null }
    const resolution = { outcome: 'failed', resolved_by: person, resolved_at: at(30) }
    const steps = listSteps(build({ execution: buildExecution({ outcome: 'unknown', sent: 'unknown', observed, resolution }) }))
    expect(steps.slice(-3)).toMatchObject([
      { words: 'Nobody knows how it ended', tone: 'needs' },
      { words: 'Read back: 1 of 1 field differs', tone: 'halted' },
      { words: 'Looked up by Mira: it did not happen' },
    ])
  })

  it('says whom it waits for while a change is asked for', () => {
    expect(words(build({ state: 'PENDING', change_requested: true })).at(-1)).toBe('shop-writer has to send another revision')
  })
})
