import { toVisibleText } from '@autopack/approval-proof/visible-text'
import { findMixedWords, toSpelledWord } from './mixed-words.ts'
import type { WaitingRequest } from './request-queries.ts'
import type { ReadBody } from './read-body.ts'

/** Something a person has to see before they approve. `could_not_check` is a finding, not a pass. */
export type Note = { code: string; level: 'finding' | 'could_not_check' | 'pass'; title: string; detail: string }

const mostWords = 5

/** What the server found, and what this browser finds in the text itself: hidden characters, and letters that look like others. */
export function listNotes(request: WaitingRequest, read: ReadBody): Note[] {
  const texts =
    request.kind === 'governance_request' ? [request.justification, ...request.paths.map(({ path }) => path)] : read.values.map(({ text }) => text)
  const hidden = texts.reduce((sum, text) => sum + toVisibleText(text, true).hidden_characters, 0)
  const mixed = [...new Set(texts.flatMap(findMixedWords))]
  const notes: Note[] = request.kind === 'approval_request' ? [...request.findings] : []
  if (hidden > 0) {
    const title = hidden === 1 ? '1 invisible character' : `${hidden} invisible characters`
    notes.push({ code: 'hidden_characters', level: 'finding', title, detail: 'Written out where they stand.' })
  }
  if (mixed.length > 0) {
    const shown = mixed.slice(0, mostWords).map(toSpelledWord).join(', ')
    const more = mixed.length > mostWords ? ` and ${mixed.length - mostWords} more` : ''
    notes.push({ code: 'mixed_letters', level: 'finding', title: 'Letters of two alphabets in one word', detail: `${shown}${more}` })
  }
  if (read.incomplete !== null) {
    notes.push({ code: 'body_incomplete', level: 'finding', title: read.incomplete, detail: 'Read the bytes below to their end.' })
  }
  const order = { finding: 0, could_not_check: 1, pass: 2 }
  return notes.toSorted((one, other) => order[one.level] - order[other.level])
}
