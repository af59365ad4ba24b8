import type { Brake } from '@autopack/contract/operator-control'
import type { ExternalActionSummary } from '@autopack/contract/external-actions'
import { describe, expect, test } from 'vitest'
import { countHolds, listParts, parseScope, toBrakeSentence, toPartWords, toScopeSearch, toScopeWords } from './brake-words.ts'

const part = { scope: { kind: 'provider', id: 'etsy' }, scope_name: 'etsy' } as Brake
const action = (provider: string, executor: string, state: string, not_before: string | null = null) =>
  ({ provider, executor: { executor_id: `ex_${executor}`, name: executor }, state, not_before }) as ExternalActionSummary

describe('the sentence of the page', () => {
  test.each([
    [{ brakes: [], brake_engaged: false }, 'Nothing is stopped.'],
    [{ brakes: [part], brake_engaged: false }, 'One part is stopped.'],
    [{ brakes: [part, part, part], brake_engaged: false }, '3 parts are stopped.'],
    [{ brakes: [part], brake_engaged: true }, 'Everything is stopped.'],
  ])('%j', (control, sentence) => expect(toBrakeSentence(control)).toBe(sentence))

  test('a missing control row stops everything without a brake', () => {
    expect(toBrakeSentence({ brakes: [], brake_engaged: true })).toBe('Everything is stopped.')
  })
})

describe('a scope', () => {
  test.each([
    ['all', { kind: 'all', id: '' }],
    ['run:demo:1', { kind: 'run', id: 'demo:1' }],
    ['provider:etsy', { kind: 'provider', id: 'etsy' }],
    ['executor:ex_1', { kind: 'executor', id: 'ex_1' }],
    ['all:1', null],
    ['run:', null],
    ['run', null],
    ['planet:x', null],
    [`run:${'x'.repeat(201)}`, null],
    ['run:a\u0000', null],
    [null, null],
  ])('of the address %j is %j', (text, scope) => expect(parseScope(text)).toEqual(scope))

  test('survives its own address', () => {
    for (const scope of [
      { kind: 'all', id: '' },
      { kind: 'run', id: 'a b&c=d#e' },
    ] as const)
      expect(parseScope(new URLSearchParams(toScopeSearch(scope)).get('scope'))).toEqual(scope)
  })

  test('is called by its name, and by its id where it has none', () => {
    expect(toScopeWords({ scope: { kind: 'run', id: 'r1' }, scope_name: 'Research' })).toBe('run Research')
    expect(toScopeWords({ scope: { kind: 'run', id: 'r1' }, scope_name: '' })).toBe('run r1')
    expect(toScopeWords({ scope: { kind: 'all', id: '' }, scope_name: '' })).toBe('everything')
  })
})

describe('parts', () => {
  const actions = [action('etsy', 'writer', 'PENDING'), action('shopify', 'writer', 'EXECUTING'), action('etsy', 'media', 'APPROVED')]
  test('are those of the open actions, the one with the most at stake first', () => {
    expect(listParts(actions, 'provider').map(({ name }) => name)).toEqual(['shopify', 'etsy'])
    expect(listParts(actions, 'executor').map((each) => [each.scope.id, toPartWords(each)])).toEqual([
      ['ex_writer', '1 executing, 1 waiting for a person'],
      ['ex_media', '1 approved'],
    ])
  })

  test('a part of which nothing is open says so', () => {
    expect(toPartWords(listParts([action('etsy', 'writer', 'COMPLETED')], 'provider')[0]!)).toBe('nothing open')
  })
})

test('a hold that is over holds nothing', () => {
  const at = '2026-11-22T12:00:00.000Z'
  const approved = [action('etsy', 'a', 'APPROVED', at), action('etsy', 'a', 'APPROVED')]
  expect([countHolds(approved, Date.parse(at) - 1), countHolds(approved, Date.parse(at))]).toEqual([1, 0])
})
