import { inflateSync } from 'node:zlib'
import { MIB } from '@autopack/contract/limits'

const headerBytes = 8
const mostUnpacked = 8 * MIB

/**
 * What a PNG holds compressed beside its pixels: texts (`zTXt`, `iTXt`) and the colour profile, each unpacked; plain `tEXt` stands in the
 * bytes as it is. Empty for any other file. Throws when one cannot be unpacked or all are larger than 8 MiB: then they cannot be searched.
 */
export function unpackPngTexts(bytes: Uint8Array): Uint8Array[] {
  if (Buffer.from(bytes.subarray(1, 4)).toString('latin1') !== 'PNG') return []
  const unpacked: Uint8Array[] = []
  let room = mostUnpacked
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let at = headerBytes; at + 8 <= file.length;) {
    const length = file.readUInt32BE(at)
    const kind = file.toString('latin1', at + 4, at + 8)
    const start = findCompressed(kind, file.subarray(at + 8, at + 8 + length))
    if (start !== null) {
      const text = inflateSync(start, { maxOutputLength: room })
      unpacked.push(text)
      room = Math.max(1, room - text.length)
    }
    at += 12 + length
  }
  return unpacked
}

/** The compressed part of a chunk (PNG, third edition, 11.3): behind a keyword, and for `iTXt` behind language and translation too. */
function findCompressed(kind: string, chunk: Buffer): Buffer | null {
  const keywordEnd = chunk.indexOf(0)
  if (keywordEnd === -1) return null
  if (kind === 'zTXt' || kind === 'iCCP') return chunk.subarray(keywordEnd + 2)
  if (kind !== 'iTXt' || chunk[keywordEnd + 1] !== 1) return null
  const languageEnd = chunk.indexOf(0, keywordEnd + 3)
  const translationEnd = languageEnd === -1 ? -1 : chunk.indexOf(0, languageEnd + 1)
  if (translationEnd === -1) throw new Error('a text of the PNG is broken')
  return chunk.subarray(translationEnd + 1)
}
