import { describe, expect, it } from 'vitest'
import { readKeptTexts } from './kept-texts.ts'

const key = 'localhost:4600/audit+7c1f00e0+AQIDBAUGBwgJ/+=='
const note = (size: number) =>
  `localhost:4600/audit\n${size}\nAAAA\nhead ${'0'.repeat(64)}\ntime 2026-11-23T10:15:30.123Z\n\n— localhost:4600/audit AAAA\n`

describe('readKeptTexts', () => {
  it('finds keys and notes in what was pasted, in any order', () => {
    expect(readKeptTexts(`${key}\n\n${note(3)}\n${note(9)}`)).toEqual({ keys: [key], notes: [note(3), note(9)], rotations: [], unread: null })
    expect(readKeptTexts(`${note(3)}${key}\n`)).toEqual({ keys: [key], notes: [note(3)], rotations: [], unread: null })
    expect(readKeptTexts(`${key}\n${note(3)}`)).toEqual({ keys: [key], notes: [note(3)], rotations: [], unread: null })
  })

  it('ends the last line of a note that was copied without it', () => {
    expect(readKeptTexts(note(3).trimEnd()).notes).toEqual([note(3)])
    expect(readKeptTexts(note(3).replaceAll('\n', '\r\n')).notes).toEqual([note(3)])
  })

  it('tells a rotation from a checkpoint', () => {
    const rotation = `autopack-checkpoint-key/1\nlocalhost:4600/audit\n${key}\n5\n\n— localhost:4600/audit AAAA\n— localhost:4600/audit BBBB\n`
    expect(readKeptTexts(`${key}\n${key}\n\n${rotation}\n${note(3)}\n${note(9)}\n`)).toEqual({
      keys: [key, key],
      notes: [note(3), note(9)],
      rotations: [rotation],
      unread: null,
    })
  })

  it('reads what stands beside something that is neither', () => {
    expect(readKeptTexts(`hello\n\n${note(3)}`)).toEqual({ keys: [], notes: [note(3)], rotations: [], unread: 'hello' })
  })

  it('says what is neither', () => {
    expect(readKeptTexts('ed25519 7c1f00e0')).toEqual({ keys: [], notes: [], rotations: [], unread: 'ed25519 7c1f00e0' })
    expect(readKeptTexts('  \n')).toEqual({ keys: [], notes: [], rotations: [], unread: null })
  })
})
