import { readFileSync } from 'node:fs'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { expect, it } from 'vitest'
import { sealWords } from './seal-words.ts'

it('is the published English list of BIP-39, word for word', () => {
  expect(sealWords).toEqual(wordlist)
  expect(new Set(sealWords).size).toBe(2_048)
})

it('is the list beside the second implementation, word for word', () => {
  const words = readFileSync(new URL('../../../docs/examples/seal_words.txt', import.meta.url), 'utf8')
  expect(words).toBe(`${sealWords.join('\n')}\n`)
})
