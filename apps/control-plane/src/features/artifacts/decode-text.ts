import type { TextEncoding } from './sniff-encoding.ts'

/**
 * The text of the bytes. The byte order mark of a UTF-8 text is part of it: bytes of the preview and bytes of the file must agree; that of
 * a UTF-16 text only says how to read it.
 */
export function decodeText(bytes: Uint8Array, encoding: TextEncoding): string {
  if (encoding === 'utf-8' || encoding === 'utf-8-with-replacements') return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
  return new TextDecoder(encoding).decode(bytes)
}

/** The bytes from which a text of UTF-16 was decoded; any other as UTF-8. */
export function encodeText(text: string, encoding: TextEncoding): Uint8Array {
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le')
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16()
  return new TextEncoder().encode(text)
}
