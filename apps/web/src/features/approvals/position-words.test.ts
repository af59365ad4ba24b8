import { expect, it } from 'vitest'
import { toPositionWords } from './position-words.ts'

const open = { open: true, mayApprove: true, known: true, place: 3, count: 7 }

it('counts while it waits for this person', () => {
  expect(toPositionWords(open)).toBe('3 of 7')
})

it('says closed with the action, however long the queue still lists it', () => {
  expect(toPositionWords({ ...open, open: false })).toBe('closed')
})

it('does not say that somebody else decides only because the queue is not here, or was faster', () => {
  expect(toPositionWords({ ...open, known: false, place: 0, count: 0 })).toBe('…')
  expect(toPositionWords({ ...open, place: 0 })).toBe('open')
  expect(toPositionWords({ ...open, mayApprove: false, place: 0 })).toBe('not yours to decide')
})
