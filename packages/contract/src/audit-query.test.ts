import { describe, expect, test } from 'vitest'
import { auditEventTypes, findAuditEventTypes } from './audit-event-types.ts'
import type { AuditQueryTerm } from './audit-query.ts'
import { auditQueryExamples, auditQueryLimit, parseAuditQuery, writeAuditQueryTerm } from './audit-query.ts'
import { auditQueryFields, completeAuditQuery } from './complete-audit-query.ts'

function read(text: string): AuditQueryTerm[] {
  const reading = parseAuditQuery(text)
  if (!reading.ok) throw new Error(JSON.stringify(reading.error))
  return reading.terms
}
function refusal(text: string) {
  const reading = parseAuditQuery(text)
  if (reading.ok) throw new Error(`${text} parses`)
  return reading.error
}

describe('what is read', () => {
  test('terms with their places, values and opposites', () => {
    expect(read(String.raw`who:mira  -did:claim "a \"b\" \\c" -on:"walnut desk" x-y 100%`)).toMatchObject([
      { start: 0, end: 8, not: false, field: 'who', text: 'mira' },
      { start: 10, end: 20, not: true, field: 'did', types: ['external_action.claim_refused', 'external_action.claimed'] },
      { field: 'word', text: String.raw`a "b" \c`, not: false },
      { field: 'on', text: 'walnut desk', not: true },
      { field: 'word', text: 'x-y', not: false },
      { field: 'word', text: '100%' },
    ])
    expect(read('')).toEqual([])
    expect(read('  \t ')).toEqual([])
  })

  test('a value may hold colons, quotes and minus signs, and a field any case', () => {
    expect(read('run:nightly:2026-11-20 WHO:op_1 a"b')).toMatchObject([
      { field: 'run', text: 'nightly:2026-11-20' },
      { field: 'who', text: 'op_1' },
      { field: 'word', text: 'a"b' },
    ])
  })

  test('did: knows groups, types, and the beginning of either part of a type', () => {
    expect(findAuditEventTypes('sign-in')).toEqual(findAuditEventTypes('SIGN_IN'))
    expect(findAuditEventTypes('sign-in')).toContain('session.revoked')
    expect(findAuditEventTypes('approve')).toEqual([
      'approval_request.approved',
      'external_action.approved',
      'governance_request.approved',
      'governance_request.approved_by_policy',
    ])
    expect(findAuditEventTypes('external_action.claimed')).toEqual(['external_action.claimed'])
    expect(findAuditEventTypes('nothing')).toEqual([])
    expect(findAuditEventTypes('')).toEqual([])
  })

  test('everything that was refused is a refusal, and nothing else is', () => {
    const refused = Object.keys(auditEventTypes).filter((type) => type.endsWith('refused'))
    expect(findAuditEventTypes('refusal')).toEqual(refused)
  })

  test('a day lasts until midnight, a minute its minute; both are UTC', () => {
    expect(read('since:2026-11-20 until:2026-11-20')).toMatchObject([
      { moment: { at: '2026-11-20T00:00:00.000Z' } },
      { moment: { at: '2026-11-21T00:00:00.000Z' } },
    ])
    expect(read('since:2026-11-20T14:30Z until:2026-12-31t23:59Z')).toMatchObject([
      { moment: { at: '2026-11-20T14:30:00.000Z' } },
      { moment: { at: '2027-01-01T00:00:00.000Z' } },
    ])
    expect(read('until:2026-11-20T14:30:05.001Z')).toMatchObject([{ moment: { at: '2026-11-20T14:30:05.002Z' } }])
    for (const last of ['9999-12-31', '9999-12-31T23:59Z', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59.999Z'])
      expect(read(`until:${last}`)).toMatchObject([{ moment: { at: '9999-12-31T23:59:59.999Z' } }])
    expect(read('since:90m until:2h')).toMatchObject([{ moment: { agoMs: 5_400_000 } }, { moment: { agoMs: 7_200_000 } }])
  })

  test('a request is one for people, or the id that a message gave', () => {
    expect(read('request:apr_17 request:gov_0badcafe request:0f9d7c1e-0000-4000-8000-000000000000')).toMatchObject([
      { is: 'request_of_people' },
      { is: 'request_of_people' },
      { is: 'request_id' },
    ])
  })
})

describe('what is not read is refused with its place and what could stand there', () => {
  test.each([
    ['who:', 4, 4, 'after who: comes a value', 'who:mira'],
    ['a wo:x', 2, 5, 'there is no field wo', 'who:'],
    ['a -', 2, 3, 'a - stands before', '-word'],
    ['a "b', 2, 4, 'not closed', '"'],
    ['who:"b', 4, 6, 'not closed', '"'],
    ['"b"c', 3, 4, 'comes a space', ' '],
    ['""', 0, 2, 'nothing between', undefined],
    ['did:wash', 4, 8, 'nothing in the log', 'decision'],
    ['result:perhaps', 7, 14, 'no such result', 'refused'],
    ['risk:none', 5, 9, 'no such risk', 'high'],
    ['action:act_1', 7, 12, 'act_', 'action:act_018f0000-0000-4000-8000-000000000001'],
    ['request:1', 8, 9, 'apr_', 'request:apr_17'],
    ['since:yesterday', 6, 15, 'not a day', '2026-11-20'],
    ['since:2026-02-30', 6, 16, 'not a day', '2026-11-20'],
    ['since:0000-12-31', 6, 16, 'not a day', '2026-11-20'],
    ['until:0000-12-31', 6, 16, 'not a day', '2026-11-20'],
    ['until:2026-11-20T25:00Z', 6, 23, 'not a day', '2026-11-20'],
    ['since:1h since:2h', 9, 17, 'already', undefined],
    ['-since:1h', 0, 9, 'no opposite', undefined],
    ['a\0b', 1, 2, 'cannot be in a query', undefined],
    ['a\ud800', 1, 2, 'cannot be in a query', undefined],
  ])('%j', (text, start, end, message, expected) => {
    const error = refusal(text)
    expect(error).toMatchObject({ start, end })
    expect(error.message).toContain(message)
    if (expected !== undefined) expect(error.expected).toContain(expected)
  })

  test('too long, or too many terms', () => {
    expect(refusal('x'.repeat(auditQueryLimit + 1)).message).toContain('at most')
    expect(refusal('x '.repeat(30)).message).toContain('terms at most')
  })

  test('whatever is typed is read or refused, never thrown at', () => {
    const pieces = ['who', ':', '"', '-', ' ', '\\', 'did:', 'x', '💥', 'since:', '7d', '%', "'"]
    let state = 7
    for (let round = 0; round < 5_000; round += 1) {
      let text = ''
      for (let length = 0; length < 8; length += 1) {
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
        text += pieces[state % pieces.length]!
      }
      const reading = parseAuditQuery(text)
      if (reading.ok) for (const term of reading.terms) expect(text.slice(term.start, term.end).trim()).not.toBe('')
      else expect([reading.error.start >= 0, reading.error.end <= text.length]).toEqual([true, true])
      completeAuditQuery(text, round % (text.length + 1))
    }
  })
})

describe('what is written is read again', () => {
  test.each(['mira', 'Mira Lang', 'say "no"', 'back\\slash', '"\\', '-x', 'a:b', '💥'])('%s', (value) => {
    expect(read(writeAuditQueryTerm('who', value, { not: true }))).toMatchObject([{ field: 'who', text: value, not: true }])
    expect(read(writeAuditQueryTerm('word', value))).toMatchObject([{ field: 'word', text: value, not: false }])
  })

  test('every example of a field is one', () => {
    for (const { field } of auditQueryFields) expect(read(auditQueryExamples[field])).toMatchObject([{ field }])
  })
})

describe('what could be written at the caret', () => {
  const at = (marked: string) => completeAuditQuery(marked.replace('|', ''), marked.indexOf('|'))
  const textsOf = (marked: string) => at(marked).options.map(({ text }) => text)

  test('fields where a term begins, the values of a closed field after its colon', () => {
    expect(textsOf('|')).toEqual(auditQueryFields.map(({ field }) => `${field}:`))
    expect(textsOf('who:mira r|')).toEqual(['run:', 'request:', 'result:', 'risk:'])
    expect(textsOf('-ri|')).toEqual(['risk:'])
    expect(textsOf('risk:h| walnut')).toEqual(['high'])
    expect(textsOf('did:appr|')).toContain('external_action.approved')
    expect(textsOf('did:sign|')).toContain('sign-in')
    expect(textsOf('who:mi|')).toEqual([])
    expect(textsOf('on:"walnut d|')).toEqual([])
  })

  test('it says what an option replaces', () => {
    expect(at('a -risk:h|igh b')).toMatchObject({ start: 8, end: 12 })
    expect(at('a wh|')).toMatchObject({ start: 2, end: 4 })
    expect(at('a |')).toMatchObject({ start: 2, end: 2 })
  })
})
