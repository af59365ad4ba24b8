import { describe, expect, it } from 'vitest'
import { searchBytes } from './search-bytes.ts'

const secret = 'hünter-2 of the/house'
const foreignSecret = 'пароль-из-слов'
const plainSecret = 'correct-horse-battery'
const noise = (length: number) => Uint8Array.from({ length }, (_, place) => (place * place * 31 + place * 7) % 256)
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const utf32 = (text: string) => Buffer.concat([...text].map((character) => Buffer.from([character.codePointAt(0)!, 0, 0, 0])))
const around = (bytes: Uint8Array) => Buffer.concat([noise(3_001), bytes, noise(2_000)])
const search = (bytes: Uint8Array, knownSecrets = [secret, foreignSecret, plainSecret]) => searchBytes([bytes], { knownSecrets })

// Put together here, so that no scanner of secrets takes this file for a leak.
const tokens: [string, string][] = [
  ['autopack_key', `apk_${'0123456789ab'}_${'9f'.repeat(32)}_${'deadbeef'}`],
  ['github_token', `ghp_${'a1B2'.repeat(9)}`],
  ['aws_access_key', `AKIA${'Q7'.repeat(8)}`],
  ['private_key', `-----BEGIN ${'OPENSSH PRIVATE KEY'}-----`],
]

describe('searchBytes', () => {
  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(secret)],
    ['Latin-1', Buffer.from(secret, 'latin1')],
    ['UTF-16 LE', Buffer.from(secret, 'utf16le')],
    ['UTF-16 BE', utf16be(secret)],
    ['UTF-16 LE, beyond Latin letters', Buffer.from(foreignSecret, 'utf16le')],
    ['UTF-16 BE, beyond Latin letters', utf16be(foreignSecret)],
    ['UTF-32', utf32(plainSecret)],
    ['hex in UTF-16', Buffer.from(Buffer.from(secret).toString('hex'), 'utf16le')],
    ['base64', Buffer.from(Buffer.from(`x${secret}`).toString('base64'))],
    ['URL form', Buffer.from(encodeURIComponent(secret))],
  ])('finds a known secret between binary bytes in %s', (_how, bytes) => {
    expect(search(around(bytes))).toEqual(['known_secret'])
  })

  it.each(tokens)('finds %s by its first characters, in one byte and in two bytes a character', (rule, token) => {
    expect(search(around(Buffer.from(`\0${token}\0`)), [])).toEqual([rule])
    expect(search(around(Buffer.from(`\0${token}\0`, 'utf16le')), [])).toEqual([rule])
    expect(search(around(utf16be(`\0${token}\0`)), [])).toEqual([rule])
  })

  it('finds nothing in bytes that hold nothing, nor in none at all', () => {
    expect(search(noise(300_000))).toEqual([])
    expect(search(new Uint8Array())).toEqual([])
    expect(searchBytes([], { knownSecrets: [secret] })).toEqual([])
  })

  it('answers the same wherever the chunks are cut', () => {
    const bytes = Buffer.concat([noise(100), Buffer.from(secret, 'utf16le'), noise(50), Buffer.from(`\0${tokens[0]![1]}\0`), noise(100)])
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      expect(searchBytes([bytes.subarray(0, cut), bytes.subarray(cut)], { knownSecrets: [secret] })).toEqual(['autopack_key', 'known_secret'])
    }
    const bytewise = Array.from(bytes, (_, place) => bytes.subarray(place, place + 1))
    expect(searchBytes(bytewise, { knownSecrets: [secret] })).toEqual(['autopack_key', 'known_secret'])
  })

  it('does not take the rest of a word for a token because a chunk was cut inside the word', () => {
    // Cut so that what is kept of the first chunk begins with the token.
    const word = Buffer.from(`${'z'.repeat(200)}${tokens[2]![1]}${'-'.repeat(9_000)}`)
    for (let cut = 4_200; cut < 4_400; cut += 1) expect(searchBytes([word.subarray(0, cut), word.subarray(cut)], { knownSecrets: [] })).toEqual([])
  })

  it('takes time in proportion to the bytes', () => {
    // Of the processor, not of the clock: other programs may want it too.
    const measure = (length: number) => {
      const bytes = Buffer.alloc(length, 'AKIAghp_sk-eyJ-----BEGIN ')
      const before = process.threadCpuUsage()
      searchBytes([bytes], { knownSecrets: [secret] })
      const { user, system } = process.threadCpuUsage(before)
      return (user + system) / 1_000
    }
    measure(1_000_000)
    const small = Math.min(...[0, 1, 2].map(() => measure(1_000_000)))
    expect(Math.min(...[0, 1, 2].map(() => measure(4_000_000)))).toBeLessThan(Math.max(50, small * 10))
  })
})
