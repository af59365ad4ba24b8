import { describe, expect, it } from 'vitest'
import { chooseGrounds } from './choose-grounds.ts'

const toNote = (size: number, origin = 'here/audit') => `${origin}\n${size}\n\n— ${origin} AAAA\n`
const listed = (...sizes: number[]) => sizes.map((size) => ({ size, note: toNote(size) }))
const nothing = { keys: [], notes: [], rotations: [], unread: null }
const published = { notes: listed(9, 5), givenUp: [], more: false, keys: ['here/audit+01020304+AA=='] }
const all = { kept: nothing, known: null, published, whose: 'console' as const, source: 'console' as const, ends: Number.POSITIVE_INFINITY }

describe('chooseGrounds', () => {
  it('holds the log of the console against all of its checkpoints, the reader’s and the one this browser kept, each once', () => {
    const { notes, grounds } = chooseGrounds({ ...all, kept: { ...nothing, notes: [toNote(5), toNote(3)] }, known: { note: toNote(7) } })
    expect(notes).toEqual([toNote(9), toNote(5), toNote(3), toNote(7)])
    expect(grounds).toMatchObject({ ofConsole: 2, ofReader: 1, ofBrowser: 1, signedBeyond: null, keptGivenUp: false })
  })

  it('holds a file against the checkpoints that it could cover, and says that the console signed more', () => {
    const { notes, grounds } = chooseGrounds({ ...all, known: { note: toNote(9) }, source: 'file', ends: 6 })
    expect(notes).toEqual([toNote(5)])
    expect(grounds).toMatchObject({ ofConsole: 1, ofBrowser: 0, signedBeyond: 9 })
  })

  const elsewhere = { ...nothing, keys: ['there/audit+01020304+AA=='], notes: [toNote(4, 'there/audit')] }

  it('leaves out of a file what is not about the log of the reader’s keys', () => {
    const { notes, grounds } = chooseGrounds({ ...all, kept: elsewhere, known: { note: toNote(9) }, source: 'file', ends: 20 })
    expect(notes).toEqual([toNote(4, 'there/audit')])
    expect(grounds).toMatchObject({ ofConsole: 0, ofReader: 1, ofBrowser: 0, another: true })
    const own = { note: toNote(9, 'there/audit') }
    expect(chooseGrounds({ ...all, kept: elsewhere, known: own, source: 'file', ends: 20 }).notes, 'but what this browser kept of it').toContain(
      own.note,
    )
  })

  it('leaves nothing out for the log of the console, whatever it says the name of its log is', () => {
    const { notes, grounds } = chooseGrounds({ ...all, kept: elsewhere, known: { note: toNote(7, 'there/audit') } })
    expect(notes).toEqual([toNote(9), toNote(5), toNote(4, 'there/audit'), toNote(7, 'there/audit')])
    expect(grounds).toMatchObject({ ofConsole: 2, ofReader: 1, ofBrowser: 1, another: true })
  })

  it('says that the console gave up the very one that this browser kept, and goes on holding the log against it', () => {
    const given = { ...all, published: { ...published, givenUp: [toNote(12)] }, known: { note: toNote(12) } }
    expect(chooseGrounds(given)).toMatchObject({ notes: [toNote(9), toNote(5), toNote(12)], grounds: { givenUp: 1, keptGivenUp: true } })
    expect(chooseGrounds({ ...given, known: null }).grounds).toMatchObject({ ofBrowser: 0, keptGivenUp: false })
  })
})
