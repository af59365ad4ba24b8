import { expect, test } from 'vitest'
import { toApproveWords } from './approve-words.ts'

const open = { filled_by: null }
const filled = { filled_by: { name: 'Mira' } }

test.each([
  ['one approver', { blind: false, slots: [open], sending: false }, 'Approve'],
  ['the second of two', { blind: false, slots: [filled, open], sending: false }, 'Approve, 2 of 2'],
  ['a blind action', { blind: true, slots: [open, open], sending: false }, 'Accept blind, 1 of 2'],
  ['a decision on its way', { blind: false, slots: [open], sending: true }, 'Sending'],
])('%s reads %s', (_, situation, words) => {
  expect(toApproveWords(situation)).toBe(words)
})

test('A button for something unexplained never says approve', () => {
  expect(toApproveWords({ blind: true, slots: [open], sending: false })).not.toMatch(/approve/i)
})
