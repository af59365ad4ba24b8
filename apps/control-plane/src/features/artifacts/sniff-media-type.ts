/** What bytes are, by what they hold; names and declared types are not believed. Pure. */
import { isUtf8 } from 'node:buffer'

export type Sniffed =
  | { shown_as: 'image'; media_type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' }
  | { shown_as: 'download'; media_type: string }
  /** Whether it is JSON is found out with the text in hand. */
  | { shown_as: 'text'; encoding: 'utf-8' | 'utf-8-with-replacements' }

const sampleBytes = 64 * 1024

export function sniffMediaType(bytes: Uint8Array): Sniffed {
  const starts = (...expected: number[]) => expected.every((byte, at) => bytes[at] === byte)
  const holds = (at: number, text: string) => Buffer.from(bytes.subarray(at, at + text.length)).toString('latin1') === text
  if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return { shown_as: 'image', media_type: 'image/png' }
  if (starts(0xff, 0xd8, 0xff)) return { shown_as: 'image', media_type: 'image/jpeg' }
  if (holds(0, 'GIF87a') || holds(0, 'GIF89a')) return { shown_as: 'image', media_type: 'image/gif' }
  if (holds(0, 'RIFF') && holds(8, 'WEBP')) return { shown_as: 'image', media_type: 'image/webp' }
  if (holds(0, '%PDF-')) return { shown_as: 'download', media_type: 'application/pdf' }
  if (starts(0x50, 0x4b, 0x03, 0x04) || starts(0x50, 0x4b, 0x05, 0x06)) return { shown_as: 'download', media_type: 'application/zip' }
  if (starts(0x1f, 0x8b)) return { shown_as: 'download', media_type: 'application/gzip' }
  if (holds(257, 'ustar')) return { shown_as: 'download', media_type: 'application/x-tar' }
  return sniffText(bytes) ?? { shown_as: 'download', media_type: 'application/octet-stream' }
}

/**
 * What reads as text is treated as text, even with a few stray bytes: only text is redacted, so a log must not escape
 * redaction through one NUL or one broken character.
 */
function sniffText(bytes: Uint8Array): Sniffed | null {
  const sample = bytes.subarray(0, sampleBytes)
  let controls = 0
  for (const byte of sample) if (byte < 0x07 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b) || byte === 0x7f) controls += 1
  if (controls * 20 > sample.length) return null
  if (isUtf8(bytes)) return { shown_as: 'text', encoding: 'utf-8' }
  const replaced = new TextDecoder().decode(sample).split('\ufffd').length - 1
  return replaced * 10 <= sample.length ? { shown_as: 'text', encoding: 'utf-8-with-replacements' } : null
}
