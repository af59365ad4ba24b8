import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { findFirstSentence, quoteReadme } from './quote-readme.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quote-readme-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test.each([
  ['a heading goes before it', '# Harbour\n\nCounts ships. And boats.\n', 'Counts ships.'],
  ['the title is underlined', 'Harbour\n=======\nCounts ships.\n', 'Counts ships.'],
  ['badges and pictures go before it', '# H\n[![ok](a.svg)](b)\n![p](p.png)\n\n<p align="center">x</p>\n\nCounts [ships](s.md)!\n', 'Counts ships!'],
  ['it runs over two lines', 'Counts\nships; slowly.\r\nMore.\n', 'Counts ships; slowly.'],
  ['it is in a comment or in code', '<!-- No. -->\n```sh\nnpm start.\n```\n\nYes.\n', 'Yes.'],
  ['a point stands inside a word', 'Runs Node 26.10 in ships. More.', 'Runs Node 26.10 in ships.'],
  ['it has no end', 'counts ships', 'counts ships'],
  ['it is in another script', '# 港\n\n船を数える。 そして', '船を数える。'],
])('the first sentence is found when %s', (_, markdown, expected) => {
  expect(findFirstSentence(markdown)).toBe(expected)
})

test('a text that says nothing has no first sentence, and an endless one is cut', () => {
  for (const markdown of ['', '# Only a title\n', '- a list\n- only\n', '42\n', '\u0000\u0001']) expect(findFirstSentence(markdown)).toBeNull()
  const cut = findFirstSentence('🚢 ship '.repeat(200))!
  expect(Array.from(cut)).toHaveLength(300)
  expect(cut.endsWith('…')).toBe(true)
})

test('the quotation is one line: what a file holds cannot look like a second one', () => {
  expect(findFirstSentence('Counts\u2028ships\u0085and\u001b[31mboats.')).toBe('Counts ships and [31mboats.')
})

test('the README at the top is quoted, whatever the case of its name, and not one further down or behind a link', async () => {
  writeFileSync(join(folder, 'ReadMe.MD'), '# Harbour\n\nCounts ships.\n')
  expect(await quoteReadme(folder, [{ path: 'docs/README.md' }, { path: 'ReadMe.MD' }])).toEqual({ path: 'ReadMe.MD', sentence: 'Counts ships.' })
  expect(await quoteReadme(folder, [{ path: 'docs/README.md' }])).toBeNull()
  expect(await quoteReadme(folder, [{ path: 'README' }])).toBeNull()
  symlinkSync('/etc/passwd', join(folder, 'README.txt'))
  expect(await quoteReadme(folder, [{ path: 'README.txt' }])).toBeNull()
})
