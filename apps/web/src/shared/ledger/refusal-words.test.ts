import { ApiProblem, OutsideContract, Unreachable } from '@autopack/api-client/errors'
import { decideExternalAction, resolveExternalAction, revokeExternalAction } from '@autopack/contract/operator-actions'
import { problems } from '@autopack/contract/problem-titles'
import { problemCodes, type Problem, type ProblemCode } from '@autopack/contract/problems'
import { describe, expect, it } from 'vitest'
import { toRefusal } from './refusal-words.ts'

function problem(code: ProblemCode, more: Partial<Problem> = {}): ApiProblem {
  return new ApiProblem(
    {
      type: `urn:autopack:problem:${code}`,
      title: problems[code].title,
      status: problems[code].status,
      code,
      detail: 'detail of the server',
      request_id: 'req-1',
      ...more,
    },
    null,
  )
}

describe('toRefusal', () => {
  const codes = [decideExternalAction, revokeExternalAction, resolveExternalAction].flatMap((route): readonly ProblemCode[] => route.problems)
  it.each([...new Set(codes)])('says in own words what %s means and what to do', (code) => {
    const refusal = toRefusal(problem(code))
    expect(refusal.what).not.toBe('detail of the server')
    expect(refusal.todo.length).toBeGreaterThan(10)
    expect(refusal.recorded).toBe('no')
    expect(refusal.request_id).toBe('req-1')
  })

  it.each(problemCodes)('has words for %s, whatever route it comes from', (code) => {
    const refusal = toRefusal(problem(code))
    for (const words of [refusal.title, refusal.what, refusal.todo]) expect(words).toMatch(/\S{2}/)
  })

  it('names who was first and what they did', () => {
    const decided_by = { operator_id: 'op_1', name: 'Mira' }
    expect(toRefusal(problem('already_decided', { decided_by, decision_kind: 'reject' })).what).toBe('Mira was first and rejected.')
    expect(toRefusal(problem('already_decided')).what).toBe('Somebody else was first.')
  })

  it('names the revision in force', () => {
    expect(toRefusal(problem('stale_revision', { current_revision: 3 })).what).toContain('Revision 3')
  })

  it('never claims that a decision without an answer was not recorded', () => {
    expect(toRefusal(new Unreachable('decideExternalAction', new Error('gone'))).recorded).toBe('unknown')
    expect(toRefusal(new OutsideContract('decideExternalAction', 200, 'odd')).recorded).toBe('unknown')
    expect(toRefusal(problem('control_plane_unreachable')).recorded).toBe('unknown')
    expect(toRefusal(problem('internal_error')).recorded).toBe('unknown')
  })
})
