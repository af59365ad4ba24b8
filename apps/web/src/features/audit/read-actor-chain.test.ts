import { describe, expect, it } from 'vitest'
import { readActorChain } from './read-actor-chain.ts'

describe('readActorChain', () => {
  it('goes from the person over the console to its session', () => {
    expect(readActorChain({ principal_chain: ['operator:op_1', 'session:0b6e', 'console'] })).toEqual([
      { kind: 'person', id: 'op_1' },
      { kind: 'console', id: null },
      { kind: 'session', id: '0b6e' },
    ])
  })

  it('goes from the owner over the executor to its key', () => {
    expect(readActorChain({ principal_chain: ['operator:op_1', 'executor:exr_2', 'key:apk_3'] }).map(({ kind, id }) => `${kind} ${id}`)).toEqual([
      'person op_1',
      'executor exr_2',
      'key apk_3',
    ])
  })

  it('keeps what it does not know as it is, and invents nobody', () => {
    expect(readActorChain({ principal_chain: ['robot:x', 'anonymous'] })).toEqual([
      { kind: 'system', id: 'robot:x' },
      { kind: 'nobody', id: null },
    ])
    expect(readActorChain({ principal_chain: [] })).toEqual([])
  })
})
