/** Text in which every character that could hide or move something is written out as `⟨U+202E⟩`, and how many were. */
export type VisibleText = { text: string; hidden_characters: number }

// Fixed ranges, not Unicode properties: those change with the engine, and browser and server must draw the same text.
const hiddenRanges: ReadonlyArray<readonly [number, number]> = [
  [0x0000, 0x001f], // control characters
  [0x007f, 0x009f], // delete, C1 controls
  [0x00ad, 0x00ad], // soft hyphen
  [0x034f, 0x034f], // combining grapheme joiner
  [0x0600, 0x0605], // Arabic number signs
  [0x061c, 0x061c], // Arabic letter mark
  [0x06dd, 0x06dd],
  [0x070f, 0x070f],
  [0x0890, 0x0891],
  [0x08e2, 0x08e2],
  [0x115f, 0x1160], // Hangul fillers
  [0x1680, 0x1680], // Ogham space
  [0x17b4, 0x17b5], // Khmer inherent vowels
  [0x180b, 0x180f], // Mongolian selectors
  [0x2000, 0x200f], // wide and zero-width spaces, joiners, marks of direction
  [0x2028, 0x202e], // line and paragraph separators, embeddings and overrides
  [0x205f, 0x206f], // invisible operators, isolates, deprecated controls
  [0x2800, 0x2800], // blank Braille pattern
  [0x3164, 0x3164], // Hangul filler
  [0xe000, 0xf8ff], // private use: looks like whatever a font says
  [0xfe00, 0xfe0f], // variation selectors
  [0xfeff, 0xfeff], // byte order mark
  [0xffa0, 0xffa0], // half-width Hangul filler
  [0xfff0, 0xfffc], // specials, interlinear annotation
  [0xfffe, 0xffff],
  [0x110bd, 0x110bd],
  [0x110cd, 0x110cd],
  [0x13430, 0x1345f], // hieroglyph format controls
  [0x1bca0, 0x1bca3], // shorthand format controls
  [0x1d173, 0x1d17a], // musical format controls
  [0xe0000, 0xe0fff], // tags, variation selectors
  [0xf0000, 0x10ffff], // private use planes
]

const zeroWidthJoiner = 0x200d
const emojiSelector = 0xfe0f

/** `lines` keeps line feeds and tabs, for formats that are shown as a block of text. */
export function toVisibleText(raw: string, lines: boolean): VisibleText {
  let text = ''
  let hidden = 0
  let before = 0
  const characters = Array.from(raw)
  for (const [place, character] of characters.entries()) {
    const code = character.codePointAt(0)!
    const after = characters[place + 1]?.codePointAt(0) ?? 0
    const keep =
      (lines && (code === 0x0a || code === 0x09)) || (!isHidden(code) && !imitatesEscape(characters, place)) || isPartOfEmoji(code, before, after)
    if (keep) {
      text += character
    } else {
      text += `⟨U+${code.toString(16).toUpperCase().padStart(4, '0')}⟩`
      hidden += 1
    }
    before = code
  }
  return { text, hidden_characters: hidden }
}

/** The first `count` characters (never half of one), with how many there are in all when some were left out. */
export function cutText(text: string, count: number): string {
  const characters = Array.from(text)
  if (characters.length <= count) return text
  return `${characters.slice(0, count).join('')}… (${characters.length} characters)`
}

function isHidden(code: number): boolean {
  if (code > 0x1f && code < 0x7f) return false
  return hiddenRanges.some(([from, to]) => code >= from && code <= to)
}

/** Text that spells out an escape of ours would lie about the bytes: its bracket is escaped. */
function imitatesEscape(characters: string[], place: number): boolean {
  return characters[place] === '⟨' && characters[place + 1] === 'U' && characters[place + 2] === '+'
}

function isPartOfEmoji(code: number, before: number, after: number): boolean {
  if (code === emojiSelector) return isPictograph(before)
  if (code !== zeroWidthJoiner) return false
  return (before === emojiSelector || isPictograph(before)) && isPictograph(after)
}

function isPictograph(code: number): boolean {
  return (code >= 0x2190 && code <= 0x2bff && code !== 0x2800) || (code >= 0x1f000 && code <= 0x1faff)
}
