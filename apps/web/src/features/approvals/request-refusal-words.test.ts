import { ApiProblem, Unreachable } from '@autopack/api-client/errors'
import { decideApprovalRequest } from '@autopack/contract/approval-requests'
import { decideGovernanceRequest } from '@autopack/contract/governance'
import { problems } from '@autopack/contract/problem-titles'
import { type ProblemCode } from '@autopack/contract/problems'
import { describe, expect, it } from 'vitest'
import { toRequestRefusal } from './request-refusal-words.ts'

function refuse(code: ProblemCode, extra: object = {}): ApiProblem {
  const { title, status } = problems[code]
  return new ApiProblem({ type: `urn:autopack:problem:${code}`, title, status, code, detail: '', request_id: 'req-1', ...extra }, null)
}

describe('toRequestRefusal', () => {
  it.each([...new Set([...decideApprovalRequest.problems, ...decideGovernanceRequest.problems])])(
    'says of %s what happened and what to do, in words of a request and not of an action',
    (code) => {
      const { title, what, todo } = toRequestRefusal(refuse(code))
      for (const text of [title, what, todo]) expect(text).not.toBe('')
      expect(`${title} ${what} ${todo}`).not.toMatch(/\b(?:action|revision|payload)\b/i)
    },
  )

  it('names who was first', () => {
    const refusal = toRequestRefusal(refuse('already_decided', { decided_by: { operator_id: 'opr_1', name: 'mira' }, decision_kind: 'reject' }))
    expect(refusal.what).toBe('mira was first and rejected.')
  })

  it('does not claim that nothing was recorded when the answer was lost', () => {
    expect(toRequestRefusal(new Unreachable('decideApprovalRequest', new TypeError('gone'))).recorded).toBe('unknown')
  })
})
