import { wordlist } from '@scure/bip39/wordlists/english.js'
import { expect, it } from 'vitest'
import { sealWords } from './seal-words.ts'

it('is the published English list of BIP-39, word for word', () => {
  expect(sealWords).toEqual(wordlist)
  expect(new Set(sealWords).size).toBe(2_048)
})
