import type { PublishedCheckpoints } from './read-checkpoints.ts'

/**
 * What a log is checked with, as one text: keys one a line, then rotations and checkpoints, the oldest first, an empty line after each.
 * `readKeptTexts` reads it, and so do the verifier's page and commands.
 */
export function writeKeptTexts({ keys, rotations, notes }: Pick<PublishedCheckpoints, 'keys' | 'rotations' | 'notes'>): string {
  const oldestFirst = notes.toSorted((one, other) => one.size - other.size).map(({ note }) => note)
  return [keys.map((key) => `${key}\n`).join(''), ...rotations, ...oldestFirst].map((text) => `${text}\n`).join('')
}
