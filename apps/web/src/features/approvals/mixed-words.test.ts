import { expect, test } from 'vitest'
import { findMixedWords, toSpelledWord } from './mixed-words.ts'

test('A word with one foreign letter is found and spelled out', () => {
  expect(findMixedWords('Walnut d\u0435sk organiser')).toEqual(['d\u0435sk'])
  expect(toSpelledWord('d\u0435sk')).toBe('d(U+0435)sk')
  expect(findMixedWords('https://mais\u043en-du-cafe.example/')).toEqual(['mais\u043en'])
})

test.each([
  ['words of two alphabets side by side', 'Стол walnut λόγος'],
  ['accents', 'Süßes Café, Ó Súilleabháin'],
  ['units', '10 kΩ, 5 μm'],
  ['Arabic and Japanese', 'كوب قهوة コーヒー cup'],
])('%s are no reason to look twice', (_, text) => {
  expect(findMixedWords(text)).toEqual([])
})
