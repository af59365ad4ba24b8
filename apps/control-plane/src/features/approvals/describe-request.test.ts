import { governancePolicy } from '@autopack/action-catalog/governance-policy'
import { describe, expect, it } from 'vitest'
import { describeApprovalRequest, describeGovernanceRequest, scoreApprovalRequest } from './describe-request.ts'

const asked = { phase_id: 'F1', context: 'risky' }

describe('how risky a request is', () => {
  it.each([
    ['nothing said', {}, 50, 'high'],
    ['called low, which takes nothing away', { decision_info: { risk_level: 'low' } }, 40, 'medium'],
    ['called critical in either map', { decision_info: { risk_level: 'low' }, deletion_info: { risk_level: 'CRITICAL' } }, 85, 'critical'],
    ['a word nobody knows', { decision_info: { risk_level: 'fine' } }, 50, 'high'],
    ['a word that is no text', { decision_info: { risk_level: { toString: 1 } } }, 50, 'high'],
    ['many lines fewer', { decision_info: { risk_level: 'low', net_deletion: 101 } }, 50, 'high'],
    ['more than everything', { deletion_info: { risk_level: 'critical', net_deletion: 5_000 } }, 100, 'critical'],
  ])('%s', (_, change, score, level) => {
    expect(scoreApprovalRequest({ ...asked, ...change }, governancePolicy).risk).toEqual({ score, level })
  })
})

describe('the sentence', () => {
  it('says what would happen, in one line', () => {
    expect(describeApprovalRequest({ ...asked, deletion_info: { net_deletion: 5 } })).toEqual({
      title: 'risky',
      sentence: 'go on with phase «F1» (risky), with 5 lines fewer',
    })
    expect(describeGovernanceRequest(['docs/a.md']).sentence).toBe('change the file «docs/a.md»')
    expect(describeGovernanceRequest(['a', 'b', 'c', 'd', 'e']).sentence).toBe('change 5 files: «a», «b», «c» and 2 more')
  })

  it('lets no text of the executor end its quotes, break the line, hide, or go on without end', () => {
    const { sentence } = describeApprovalRequest({ phase_id: 'F1» (harmless)\n\u202e', context: 'x'.repeat(500) })
    expect(sentence).toBe(`go on with phase «F1" (harmless)\ufffd\ufffd» (${'x'.repeat(100)}…)`)
  })
})
