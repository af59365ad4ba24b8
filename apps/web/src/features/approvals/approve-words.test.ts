import { expect, test } from 'vitest'
import { toApproveWords } from './approve-words.ts'

const open = { filled_by: null }
const none = { signs: false, phase: null }
const filled = { filled_by: { name: 'Mira' } }

test.each([
  ['one approver', { blind: false, slots: [open], ...none }, 'Approve'],
  ['the second of two', { blind: false, slots: [filled, open], ...none }, 'Approve, 2 of 2'],
  ['a blind action', { blind: true, slots: [open, open], ...none }, 'Accept blind, 1 of 2'],
  ['one that is signed', { blind: false, slots: [open], signs: true, phase: null }, 'Sign & approve'],
  ['a blind one that is signed', { blind: true, slots: [open, open], signs: true, phase: null }, 'Sign blind, 1 of 2'],
  ['an open prompt', { blind: true, slots: [open, open], signs: true, phase: 'prompt' as const }, 'Waiting for your passkey'],
  ['a decision on its way', { blind: false, slots: [open], signs: false, phase: 'sending' as const }, 'Sending'],
])('%s reads %s', (_, situation, words) => {
  expect(toApproveWords(situation)).toBe(words)
})

test('A button for something unexplained never says approve', () => {
  for (const signs of [false, true]) expect(toApproveWords({ blind: true, slots: [open], signs, phase: null })).not.toMatch(/approve/i)
})
