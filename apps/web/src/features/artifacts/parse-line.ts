/** A line of an agent's text as pieces: plain text, redaction chips, and characters that would not be seen as what they are. */
export type LinePiece =
  | { kind: 'text'; text: string }
  | { kind: 'chip'; rule: string; fingerprint: string }
  /** `escape`: `U+202E`; `name` where people know one. */
  | { kind: 'hidden'; escape: string; name: string | null }

/** As `packages/redaction` writes them: rule, four digits that recognise the value, four that prove the chip. */
const chip = '\\[redacted · ([a-z0-9_]{1,40}) · #([0-9a-f]{4})[0-9a-f]{4}\\]'

/**
 * Controls but tab and line feed, soft hyphen, fillers, zero-width and directional characters, invisible operators, tags and noncharacters: what
 * reorders, hides or imitates text (Unicode TR36 and TR39). Variation selectors and joiners inside emoji are shown too: better
 * once too often.
 */
const hidden =
  '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb\\ufffe\\uffff\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e007f}\\u{e0100}-\\u{e01ef}]'

const special = new RegExp(`${chip}|(${hidden})`, 'gu')
const hiddenOnly = new RegExp(`()()(${hidden})`, 'gu')

const names: Record<string, string> = {
  '00': 'null',
  '08': 'backspace',
  '1B': 'escape',
  AD: 'soft hyphen',
  '200B': 'zero-width space',
  '200C': 'zero-width non-joiner',
  '200D': 'zero-width joiner',
  '200E': 'left-to-right mark',
  '200F': 'right-to-left mark',
  '202A': 'left-to-right embedding',
  '202B': 'right-to-left embedding',
  '202C': 'end of override',
  '202D': 'left-to-right override',
  '202E': 'right-to-left override',
  '2060': 'word joiner',
  '2066': 'left-to-right isolate',
  '2067': 'right-to-left isolate',
  '2068': 'first-strong isolate',
  '2069': 'end of isolate',
  FEFF: 'byte order mark',
}

/** Pieces in order; joined they are the line. Linear in its length. `chips`: what looks like one may be one. */
export function parseLine(line: string, chips = true): LinePiece[] {
  const pieces: LinePiece[] = []
  let end = 0
  for (const match of line.matchAll(chips ? special : hiddenOnly)) {
    if (match.index > end) pieces.push({ kind: 'text', text: line.slice(end, match.index) })
    end = match.index + match[0].length
    const [, rule, fingerprint, character] = match
    if (character !== undefined) {
      const hex = character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0')
      pieces.push({ kind: 'hidden', escape: `U+${hex.padStart(4, '0')}`, name: names[hex] ?? null })
    } else pieces.push({ kind: 'chip', rule: rule!, fingerprint: fingerprint! })
  }
  if (end < line.length) pieces.push({ kind: 'text', text: line.slice(end) })
  return pieces
}
