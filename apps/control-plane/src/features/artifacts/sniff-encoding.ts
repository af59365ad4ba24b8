/** Which encoding a text is in, seen in its bytes. Pure. */
import { isUtf8 } from 'node:buffer'
import type { Artifact } from '@autopack/contract/artifacts'

export type TextEncoding = Artifact['encoding'] & string

const sampleBytes = 64 * 1024
/** Of the characters of a text, at most one in this many may be one that no text holds. */
const oneOddIn = 20

/**
 * Null: it is no text. What reads as text is treated as text, even with a few stray bytes: only text is redacted by every rule, so a log must
 * not escape through one NUL, one broken character, or an encoding that is not UTF-8. A page in another code page of one byte a character
 * reads as `windows-1252`: its letters come out wrong, its secrets are found.
 */
export function sniffEncoding(bytes: Uint8Array): TextEncoding | null {
  const utf16 = sniffUtf16(bytes)
  if (utf16) return utf16
  const sample = bytes.subarray(0, sampleBytes)
  let odd = 0
  for (const byte of sample) if (byte < 0x07 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b) || byte === 0x7f) odd += 1
  if (odd * oneOddIn > sample.length) return null
  if (isUtf8(bytes)) return 'utf-8'
  return readsAsUtf8(bytes) ? 'utf-8-with-replacements' : 'windows-1252'
}

/** By its mark, or by the NULs that every second byte of Western text is; and only when it then reads as text. */
function sniffUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const sample = bytes.subarray(0, sampleBytes)
  const zeros = [0, 0]
  for (let at = 0; at < sample.length; at += 1) if (sample[at] === 0) zeros[at % 2]! += 1
  const [even, odd] = zeros as [number, number]
  const fewest = sample.length / 20
  const isMarked = (first: number, second: number) => sample[0] === first && sample[1] === second
  if (isMarked(0xff, 0xfe) || (odd > fewest && odd > even * 4)) return readsAsText(sample, 'utf-16le') ? 'utf-16le' : null
  if (isMarked(0xfe, 0xff) || (even > fewest && even > odd * 4)) return readsAsText(sample, 'utf-16be') ? 'utf-16be' : null
  return null
}

const oddCharacters = /[\0-\x06\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffd\ufdd0-\ufdef\ufffe\uffff\p{Cn}\p{Co}]/gu

function readsAsText(sample: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): boolean {
  // Streaming: the sample may end inside a character.
  const text = new TextDecoder(encoding).decode(sample, { stream: true })
  return (text.match(oddCharacters)?.length ?? 0) * oneOddIn <= text.length
}

/** Whether the bytes beyond ASCII are more often whole characters of UTF-8 than broken ones; looked at where they begin. */
function readsAsUtf8(bytes: Uint8Array): boolean {
  const first = bytes.findIndex((byte) => byte >= 0x80)
  const text = new TextDecoder().decode(bytes.subarray(first, first + sampleBytes), { stream: true })
  const beyond = text.match(/[^\0-\x7f]/gu)?.length ?? 0
  const broken = text.match(/\ufffd/g)?.length ?? 0
  return beyond > broken * 2
}
