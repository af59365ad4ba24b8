/**
 * What a new password may be (NIST SP 800-63B-4, 3.1.1.2): long, not among the commonest, not made of the person's own
 * name. No rule about kinds of characters.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Also beside a passkey: the password signs in without it. */
const leastCharacters = 15

const words = new Set(
  readFileSync(join(import.meta.dirname, 'common-words.txt'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#')),
)
const rows = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
  'qazwsxedcrfvtgbyhnujmikolp',
]
const readAs: Readonly<Record<string, string>> = { '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', $: 's', '!': 'i' }

/** Null when acceptable, otherwise a sentence for the person. `current`: the one it replaces, if any. */
export function refusedPassword(password: string, name: string, current: string | null): string | null {
  if (countCharacters(password) < leastCharacters) return `Use at least ${leastCharacters} characters; a few unrelated words are fine.`
  if (password.normalize('NFKC') === current?.normalize('NFKC')) return 'This is the current password. Choose another one.'
  const text = password.normalize('NFKC').toLowerCase()
  if (text.replaceAll(name.normalize('NFKC').toLowerCase(), '').replace(/[^\p{L}]/gu, '').length < 4 && text.includes(name.toLowerCase())) {
    return 'The password is made of your own name. Choose another one.'
  }
  if (isCommon(text)) return 'This is one of the first passwords anybody would try. Choose another one; a few unrelated words are fine.'
  return null
}

/** As a person counts them, not in UTF-16 units. */
function countCharacters(text: string): number {
  return [...text].length
}

function isCommon(text: string): boolean {
  if (/^(.{1,5})\1+.{0,4}$/su.test(text)) return true
  if (rows.some((row) => isWalk(text, row))) return true
  const trimmed = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '')
  const readings = [
    text.replace(/[^a-z]/g, ''),
    trimmed,
    [...text].map((char) => readAs[char] ?? char).join(''),
    [...trimmed].map((char) => readAs[char] ?? char).join(''),
  ]
  return readings.some((reading) => {
    const letters = reading.replace(/[^a-z]/g, '')
    return letters !== '' && fewestWords(letters) <= 2
  })
}

/** Along one row of the keyboard or the alphabet, forwards or backwards, however often around. */
function isWalk(text: string, row: string): boolean {
  const around = row.repeat(Math.ceil(text.length / row.length) + 1)
  return around.includes(text) || [...around].toReversed().join('').includes(text)
}

/** How many different listed words the text is made of; Infinity when it is not made of them. */
function fewestWords(text: string): number {
  const best: (ReadonlySet<string> | null)[] = [new Set()]
  for (let end = 1; end <= text.length; end += 1) {
    best[end] = null
    for (let start = Math.max(0, end - 30); start < end; start += 1) {
      const before = best[start]
      const word = text.slice(start, end)
      if (!before || !words.has(word)) continue
      const now = new Set([...before, word])
      if (now.size < (best[end]?.size ?? Number.POSITIVE_INFINITY)) best[end] = now
    }
  }
  return best[text.length]?.size ?? Number.POSITIVE_INFINITY
}
