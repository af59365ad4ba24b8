/** Byte ranges of UTF-8 text that never cut a character. Pure. */

/** The rest of a character in which the range starts, and one whole character after it. */
export const beyondRange = 8

/**
 * Moves a range to whole characters, given the bytes from `from` on and up to `beyondRange` beyond `to`. The start moves forward,
 * the end back, so that ranges read one after another show everything once; a range too short for one character grows
 * to it, so that reading on always gets further. Offsets are those of the file.
 */
export function cutRange(bytes: Uint8Array, from: number, to: number): { from: number; to: number } {
  const isInside = (at: number) => at - from < bytes.byteLength && (bytes[at - from]! & 0xc0) === 0x80
  let start = from
  while (isInside(start) && start < from + 3) start += 1
  let end = to
  while (end > start && isInside(end)) end -= 1
  if (end <= start) {
    end = Math.max(start, to)
    if (end === start && end - from < bytes.byteLength) end += 1
    while (isInside(end)) end += 1
  }
  return { from: start, to: Math.min(end, from + bytes.byteLength) }
}
