/** One line of the payload as it is drawn; `offset` counts bytes. */
export type ByteLine = { offset: number; text: string }

/** UTF-8 bytes in lines of at most `width` bytes, never cutting a character; null when they are not UTF-8. */
export function splitBytes(bytes: Uint8Array, width: number): ByteLine[] | null {
  let text: string
  try {
    // A byte order mark is a byte like any other here.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return null
  }
  const lines: ByteLine[] = []
  let line: ByteLine = { offset: 0, text: '' }
  let size = 0
  let offset = 0
  for (const character of text) {
    const length = utf8Length(character.codePointAt(0)!)
    if (size + length > width) {
      lines.push(line)
      line = { offset, text: '' }
      size = 0
    }
    line.text += character
    size += length
    offset += length
  }
  if (line.text !== '') lines.push(line)
  return lines
}

/** Bytes that are no text, as pairs of hex digits. */
export function toHexLines(bytes: Uint8Array, width: number): ByteLine[] {
  const lines: ByteLine[] = []
  for (let offset = 0; offset < bytes.length; offset += width) {
    const part = [...bytes.subarray(offset, offset + width)]
    lines.push({ offset, text: part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ') })
  }
  return lines
}

function utf8Length(code: number): number {
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  return code < 0x10000 ? 3 : 4
}
