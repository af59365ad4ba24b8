import { expect, test } from 'vitest'
import { readKeptTexts } from './kept-texts.ts'
import { writeKeptTexts } from './write-kept-texts.ts'

const keys = ['localhost:4600/audit+7c1f00e0+AQIDBAUGBwgJ/+==', 'localhost:4600/audit+0c1f00e0+AQIDBAUGBwgJ/+==']
const rotation = `autopack-checkpoint-key/1\nlocalhost:4600/audit\n${keys[1]}\n5\n\n— localhost:4600/audit AAAA\n— localhost:4600/audit BBBB\n`
const note = (size: number) => `localhost:4600/audit\n${size}\nAAAA\nhead 00\ntime 2026-11-23T10:15:30.123Z\n\n— localhost:4600/audit AAAA\n`

test('What is exported to check a log with is read back whole', () => {
  const notes = [9, 7, 3].map((size) => ({ size, note: note(size) }))
  expect(readKeptTexts(writeKeptTexts({ keys, rotations: [rotation], notes }))).toEqual({
    keys,
    rotations: [rotation],
    notes: [note(3), note(7), note(9)],
    unread: null,
  })
  expect(writeKeptTexts({ keys, rotations: [], notes: notes.slice(2) })).toBe(`${keys[0]}\n${keys[1]}\n\n${note(3)}\n`)
})
