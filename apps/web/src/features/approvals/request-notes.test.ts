import { describe, expect, it } from 'vitest'
import { readBody } from './read-body.ts'
import { listNotes } from './request-notes.ts'
import type { WaitingRequest } from './request-queries.ts'
import { toShownRequest } from './request-shown.ts'

const common = { state: 'PENDING', risk: { score: 40, level: 'medium' }, decisions: [] }
const unchecked = { code: 'effect_not_checked', level: 'could_not_check', title: 'Not checked', detail: '' }
const approval = (findings: object[] = [unchecked]) => ({ kind: 'approval_request', ...common, findings }) as unknown as WaitingRequest
const governance = (paths: { path: string; verdict: string }[], justification = 'because') =>
  ({ kind: 'governance_request', ...common, paths, justification }) as unknown as WaitingRequest

describe('listNotes', () => {
  it('counts what cannot be seen and spells what looks like something else, in values and in paths', () => {
    const notes = listNotes(approval([]), readBody(JSON.stringify({ context: 'del\u200bete d\u0435sk \u202eyes' })))
    expect(notes.map(({ title, detail }) => [title, detail])).toEqual([
      ['2 invisible characters', 'Written out where they stand.'],
      ['Letters of two alphabets in one word', 'd(U+0435)sk'],
    ])
    const path = { path: 'd\u043ecs/README.md', verdict: 'people' }
    expect(listNotes(governance([path]), readBody('{}')).map(({ code }) => code)).toEqual(['mixed_letters'])
  })

  it('puts what was found before what could not be checked', () => {
    const notes = listNotes(approval(), readBody('{"a":1,"a":2}'))
    expect(notes.map(({ code }) => code)).toEqual(['body_incomplete', 'effect_not_checked'])
  })
})

describe('toShownRequest', () => {
  it('asks that every value, every finding and, where values are missing, the end of the bytes were on screen', () => {
    const read = readBody('{"a":1,"a":2}')
    const request = approval()
    expect(toShownRequest(request, read, listNotes(request, read)).must_see).toEqual([
      'value:/a',
      'finding:body_incomplete Something is named twice in it.',
      'finding:effect_not_checked Not checked',
      'bytes',
    ])
  })

  it('asks for every path that the policy does not allow by itself, and for the reason given', () => {
    const paths = [
      { path: 'examples/a.md', verdict: 'automatic' },
      { path: 'docs/a.md', verdict: 'people' },
      { path: '../x', verdict: 'denied' },
    ]
    expect(toShownRequest(governance(paths), readBody('{}'), []).must_see).toEqual(['justification', 'path:1', 'path:2'])
  })

  it('is another thing when bytes, state, risk or findings change', () => {
    const keyOf = (request: WaitingRequest, text: string) => toShownRequest(request, readBody(text), []).key
    const keys = [keyOf(approval(), '{}'), keyOf(approval(), '{ }'), keyOf({ ...approval(), state: 'EXPIRED' }, '{}')]
    expect(new Set(keys).size).toBe(3)
  })
})
