import { executorNameSchema } from '@autopack/contract/primitives'
import { scopes } from '@autopack/contract/scopes'
import { describe, expect, it } from 'vitest'
import { isExecutorName, scopeWords, toScopeWords, toSharingWords, tryCommand } from './key-words.ts'

describe('what a key may do', () => {
  it('is one phrase when it is everything, else a phrase for each scope', () => {
    expect(toScopeWords(scopes)).toBe('everything an executor may do')
    expect(toScopeWords(['runs:read', 'actions:propose'])).toBe('reads its own runs, proposes actions')
  })

  it('has words for every scope there is', () => {
    expect(Object.keys(scopeWords).toSorted()).toEqual([...scopes].toSorted())
  })
})

describe('who sees what an executor does', () => {
  it('says everybody, nobody else, or whom, and counts the rest', () => {
    expect(toSharingWords(true, [])).toContain('everybody')
    expect(toSharingWords(false, [])).toContain('only its owner and admins')
    expect(toSharingWords(false, null)).toBe('shared with you')
    expect(
      toSharingWords(
        false,
        ['A', 'B', 'C', 'D', 'E'].map((name) => ({ name })),
      ),
    ).toBe('seen by A, B, C and 2 more too')
  })
})

it('tries a key by a command that changes nothing, and leaves no key in the history of a shell', () => {
  expect(tryCommand).toMatch(/\$AUTOPACK_EXECUTOR_KEY.*\/control"$/)
  expect(tryCommand).not.toContain('apk_')
})

it.each(['shop-writer', '7', 'Shop', '-shop', 'shop writer', 'shop_writer', 'a'.repeat(63), 'a'.repeat(64), ''])(
  'takes the name “%s” where the server does',
  (name) => {
    expect(isExecutorName(name)).toBe(executorNameSchema.safeParse(name).success)
  },
)
