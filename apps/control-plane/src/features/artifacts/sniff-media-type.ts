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
  { media_type: 'application/x-lz4', starts: [0x04, 0x22, 0x4d, 0x18] },
  { media_type: 'application/x-lzip', starts: 'LZIP\x01' },
  { media_type: 'application/x-compress', starts: [0x1f, 0x9d] },
  { media_type: 'application/vnd.ms-cab-compressed', starts: 'MSCF\0\0\0\0' },
  { media_type: 'application/x-rpm', starts: [0xed, 0xab, 0xee, 0xdb] },
  // Not compressed themselves, but what is packed into them may be; Debian packages are of the first kind.
  { media_type: 'application/x-archive', starts: '!<arch>\n' },
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
  if (encoding !== null) return { shown_as: 'text', encoding }
  return { shown_as: 'download', media_type: 'application/octet-stream', searchable: !beginsAsZlib(bytes) }
}

/** RFC 1950, 2.2: deflate, a window of at most 32 KiB, and a sum that fits. Such are the objects of Git. One other file in 500 begins so. */
function beginsAsZlib([method = 0, flags = 0]: Uint8Array): boolean {
  return (method & 0x0f) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0
}
