/** A text as it may be shown, and how many of its characters had to be written out. */
export type VisibleText = { text: string; hidden: number }

/**
 * First and last of every range of characters that show nothing, move others or are drawn as a font likes. A table of its own: what Unicode
 * says of a character changes with its versions.
 */
const hiddenRanges = (
  '0-1f 7f-9f ad 34f 600-605 61c 6dd 70f 890-891 8e2 115f-1160 1680 17b4-17b5 180b-180f 2000-200f 2028-202e 205f-206f 2800 3164 ' +
  'e000-f8ff fe00-fe0f feff ffa0 fff0-fffc fffe-ffff 110bd 110cd 13430-1345f 1bca0-1bca3 1d173-1d17a e0000-e0fff f0000-10ffff'
)
  .split(' ')
  .map((range) => {
    const [low = '', high = low] = range.split('-')
    return { low: Number.parseInt(low, 16), high: Number.parseInt(high, 16) }
  })

const lineFeed = 0x0a
const tab = 0x09
const emojiSelector = 0xfe0f
const zeroWidthJoiner = 0x200d

/**
 * Writes out what hides, moves or imitates an escape, as `⟨U+202E⟩`. `block`: line feeds and tabs are shown as what they are. Joiners and
 * selectors stay inside an emoji.
 */
export function showText(raw: string, block: boolean): VisibleText {
  const codes = Array.from(raw, (character) => character.codePointAt(0)!)
  let [text, hidden] = ['', 0]
  for (const [place, code] of codes.entries()) {
    if ((block && (code === lineFeed || code === tab)) || isPlain(codes, place) || isInsideEmoji(codes, place)) {
      text += String.fromCodePoint(code)
    } else {
      text += writeOut(code)
      hidden += 1
    }
  }
  return { text, hidden }
}

/** `⟨U+000A⟩` for a line feed. */
export function writeOut(code: number): string {
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
}

/** At most `most` characters, and how many there are where some are left out. */
export function shorten(text: string, most: number): string {
  const characters = Array.from(text)
  return characters.length > most ? `${characters.slice(0, most).join('')}… (${characters.length} characters)` : text
}

function isPlain(codes: readonly number[], place: number): boolean {
  const code = codes[place]!
  const spellsEscape = code === 0x27e8 && codes[place + 1] === 0x55 && codes[place + 2] === 0x2b
  return !spellsEscape && !hiddenRanges.some(({ low, high }) => low <= code && code <= high)
}

function isInsideEmoji(codes: readonly number[], place: number): boolean {
  const before = codes[place - 1]
  if (codes[place] === emojiSelector) return isPictograph(before)
  return codes[place] === zeroWidthJoiner && (before === emojiSelector || isPictograph(before)) && isPictograph(codes[place + 1])
}

function isPictograph(code: number | undefined): boolean {
  if (code === undefined || code === 0x2800) return false
  return (code >= 0x2190 && code <= 0x2bff) || (code >= 0x1f000 && code <= 0x1faff)
}
