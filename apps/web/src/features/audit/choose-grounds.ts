import type { KnownLog } from '../../shared/evidence/last-check.ts'
import type { KeptTexts } from './kept-texts.ts'
import type { Grounds } from './log-verdict.tsx'
import type { PublishedCheckpoints } from './read-checkpoints.ts'

type Given = {
  kept: KeptTexts
  known: Pick<KnownLog, 'note'> | null
  published: Pick<PublishedCheckpoints, 'notes' | 'givenUp' | 'more' | 'keys'>
  whose: Grounds['keys']
  /** Whose log it is: this console's, as it gives it now, or what a file says. */
  source: 'console' | 'file'
  /** The last entry that the log says it has; infinite: it is all that there is now, or the file does not say. */
  ends: number
}

/**
 * The notes that a log is held against: the console's that are not larger than it, all that the reader gave, and the one that this browser
 * kept. An export of the past ends before the newest checkpoints; those are counted, not compared. Where the reader's keys and notes are all
 * about another log, this console has nothing to say about a file. About its own log nothing is left out: the name is its own word.
 */
export function chooseGrounds({ kept, known, published, whose, source, ends }: Given): { notes: string[]; grounds: Grounds } {
  const named = [...kept.keys.map(toName), ...kept.notes.map(toOrigin)]
  const another = named.length > 0 && published.keys.length > 0 && !published.keys.some((key) => named.includes(toName(key)))
  const others = another && source === 'file'
  const listed = others ? [] : published.notes
  const ofConsole = listed.filter(({ size }) => size <= ends).map(({ note }) => note)
  const ofReader = kept.notes.filter((note) => !ofConsole.includes(note))
  const own = known?.note ?? null
  const isOther = own !== null && others && !named.includes(toOrigin(own))
  const ofBrowser = own === null || isOther || readSize(own) > ends || ofConsole.includes(own) || ofReader.includes(own) ? [] : [own]
  const beyond = Math.max(0, ...listed.map(({ size }) => size).filter((size) => size > ends))
  return {
    notes: [...ofConsole, ...ofReader, ...ofBrowser],
    grounds: {
      ofConsole: ofConsole.length,
      ofReader: ofReader.length,
      ofBrowser: ofBrowser.length,
      keys: whose,
      givenUp: others ? 0 : published.givenUp.length,
      more: !others && published.more,
      keptGivenUp: ofBrowser.some((note) => published.givenUp.includes(note)),
      signedBeyond: beyond === 0 ? null : beyond,
      another,
    },
  }
}

function toName(key: string): string {
  return key.slice(0, key.indexOf('+'))
}

function toOrigin(note: string): string {
  return note.slice(0, note.indexOf('\n'))
}

/** What a checkpoint says its size is, in its second line. */
function readSize(note: string): number {
  return Number(note.split('\n', 2)[1])
}
