/** What bytes are, by what they hold; names and declared types are not believed. Pure. */
import type { TextEncoding } from './sniff-encoding.ts'
import { sniffEncoding } from './sniff-encoding.ts'

export type Sniffed =
  | { shown_as: 'image'; media_type: 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' }
  /** `searchable`: what it holds stands in its bytes as it is, not compressed. */
  | { shown_as: 'download'; media_type: string; searchable: boolean }
  /** Whether it is JSON is found out with the text in hand. */
  | { shown_as: 'text'; encoding: TextEncoding }

/** How files begin whose content is compressed, in whole or in parts. */
const compressed: { media_type: string; at?: number; starts: number[] | string }[] = [
  { media_type: 'application/pdf', starts: '%PDF-' },
  { media_type: 'application/zip', starts: 'PK\x03\x04' },
  { media_type: 'application/zip', starts: 'PK\x05\x06' },
  { media_type: 'application/gzip', starts: [0x1f, 0x8b] },
  { media_type: 'application/x-bzip2', starts: 'BZh' },
  { media_type: 'application/x-xz', starts: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { media_type: 'application/zstd', starts: [0x28, 0xb5, 0x2f, 0xfd] },
  { media_type: 'application/x-7z-compressed', starts: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] },
  { media_type: 'application/vnd.rar', starts: 'Rar!\x1a\x07' },
  // Not compressed itself, but what is packed into it may be.
  { media_type: 'application/x-tar', at: 257, starts: 'ustar' },
]

export function sniffMediaType(bytes: Uint8Array): Sniffed {
  const holds = (at: number, expected: number[] | string) =>
    typeof expected === 'string'
      ? Buffer.from(bytes.subarray(at, at + expected.length)).toString('latin1') === expected
      : expected.every((byte, place) => bytes[at + place] === byte)
  if (holds(0, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return { shown_as: 'image', media_type: 'image/png' }
  if (holds(0, [0xff, 0xd8, 0xff])) return { shown_as: 'image', media_type: 'image/jpeg' }
  if (holds(0, 'GIF87a') || holds(0, 'GIF89a')) return { shown_as: 'image', media_type: 'image/gif' }
  if (holds(0, 'RIFF') && holds(8, 'WEBP')) return { shown_as: 'image', media_type: 'image/webp' }
  const archive = compressed.find(({ at = 0, starts }) => holds(at, starts))
  if (archive) return { shown_as: 'download', media_type: archive.media_type, searchable: false }
  const encoding = sniffEncoding(bytes)
  return encoding === null ? { shown_as: 'download', media_type: 'application/octet-stream', searchable: true } : { shown_as: 'text', encoding }
}
