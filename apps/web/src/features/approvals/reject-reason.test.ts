import { expect, test } from 'vitest'
import { toRefusalDecision } from './reject-reason.ts'

const about = { revision: 2, payload_hash: 'a'.repeat(64) }

test('Asking for a change names the field, and keeps the words as they are', () => {
  const draft = { kind: 'change_this', field: '/request/body/title', reason: ' too long ' } as const
  expect(toRefusalDecision(draft, about)).toEqual({ kind: 'ask_change', field: '/request/body/title', reason: 'too long', ...about })
})

test('A field that was chosen before another kind was is not sent', () => {
  expect(toRefusalDecision({ kind: 'never', field: '/target/shop', reason: 'no' }, about)).toEqual({
    kind: 'reject',
    reject_kind: 'never',
    reason: 'no',
    ...about,
  })
  expect(toRefusalDecision({ kind: 'change_this', field: '', reason: 'all of it' }, about)).toMatchObject({ kind: 'ask_change', field: null })
})
