import { expect, test } from 'vitest'
import { toRejectReason } from './reject-reason.ts'

test('Asking for a change names the field first', () => {
  expect(toRejectReason({ kind: 'change_this', field: 'Title', reason: ' too long ' })).toBe('Title: too long')
})

test('A field that was chosen before another kind was is not sent', () => {
  expect(toRejectReason({ kind: 'never', field: 'Title', reason: 'too long' })).toBe('too long')
  expect(toRejectReason({ kind: 'change_this', field: '', reason: 'too long' })).toBe('too long')
})
