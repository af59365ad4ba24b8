/**
 * Characters that a reader cannot see: zero-width, directional, invisible operators, fillers, tags. Line feeds, tabs and
 * terminal colours are not among them, nor is the joiner inside an emoji.
 */
const hidden =
  // oxlint-disable-next-line no-misleading-character-class -- every code point in it is meant by itself
  /[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|(?<![\p{Extended_Pictographic}\ufe0f\u{1f3fb}-\u{1f3ff}])\u200d|\u200d(?!\p{Extended_Pictographic})/gu

/** `startsFile`: a byte order mark in front is no trick there. */
export function countHiddenCharacters(text: string, startsFile: boolean): number {
  return (text.slice(startsFile && text.startsWith('\ufeff') ? 1 : 0).match(hidden) ?? []).length
}
