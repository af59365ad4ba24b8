import { expect, test } from 'vitest'
import { toOutcomeWords, toSentTitle } from './receipt-words.ts'

test.each([
  ['completed', 'yes', 'It was done; it was sent', 'What was sent'],
  ['failed', 'yes', 'It failed; it was sent', 'What was sent'],
  ['failed', 'no', 'It failed; nothing was sent', 'What was to be sent'],
  ['unknown', 'unknown', 'Nobody knows how it ended; whether anything was sent, nobody knows', 'What was to be sent'],
  ['simulated', 'no', 'It was a dry run: the whole road was walked; nothing was sent', 'What was to be sent'],
] as const)('what came of it says whether it was sent: %s, sent %s', (outcome, sent, words, title) => {
  expect(toOutcomeWords({ outcome, sent })).toBe(words)
  expect(toSentTitle({ outcome, sent })).toBe(title)
})

test('nothing is called sent that nobody reported as sent', () => {
  expect(toSentTitle(null)).toBe('What was to be sent')
})
