/** What a terminal would draw text with, as far as this console draws it: the colours of its own states, and weights. */
export type TerminalStyle = {
  tone: 'failed' | 'ok' | 'running' | 'halted' | 'muted' | 'strong' | null
  bold: boolean
  dim: boolean
  italic: boolean
  underline: boolean
  struck: boolean
  inverse: boolean
}

export const plainStyle: TerminalStyle = { tone: null, bold: false, dim: false, italic: false, underline: false, struck: false, inverse: false }

/** Select Graphic Rendition (ECMA-48, 8.3.117): the only sequence that is taken as what it means. All others are shown as escapes. */
const rendition = /\u001b\[([0-9;:]{0,100})m/g

export type StyledRun = { text: string; style: TerminalStyle }

/** A line in runs of one style each, and the style the next line begins with. */
export function styleLine(line: string, start: TerminalStyle): { runs: StyledRun[]; end: TerminalStyle } {
  const runs: StyledRun[] = []
  let style = start
  let at = 0
  for (const match of line.matchAll(rendition)) {
    if (match.index > at) runs.push({ text: line.slice(at, match.index), style })
    at = match.index + match[0].length
    style = applyCodes(style, match[1]!)
  }
  if (at < line.length) runs.push({ text: line.slice(at), style })
  return { runs, end: style }
}

/** The style each line begins with; null: no line has any. A colour may reach over line ends. */
export function listLineStyles(lines: readonly string[]): TerminalStyle[] | null {
  if (!lines.some((line) => line.includes('\u001b['))) return null
  let style = plainStyle
  return lines.map((line) => {
    const start = style
    if (line.includes('\u001b[')) style = styleLine(line, start).end
    return start
  })
}

/** The text without what only colours it. */
export function stripStyles(text: string): string {
  return text.includes('\u001b[') ? text.replace(rendition, '') : text
}

function applyCodes(style: TerminalStyle, codes: string): TerminalStyle {
  const next = { ...style }
  const numbers = codes.split(/[;:]/).map(Number)
  for (let place = 0; place < numbers.length; place += 1) {
    const code = numbers[place]!
    if (code === 38 || code === 48) {
      const tone = readExtended(numbers, place + 1)
      if (code === 38) next.tone = tone.tone
      place = tone.last
    } else applyCode(next, code)
  }
  return next
}

/** Black to white; what is merely bright is bright already. Yellow is a weight: the warm colour means that a person is needed. */
const tones: TerminalStyle['tone'][] = ['muted', 'failed', 'ok', 'strong', 'running', 'halted', 'running', null]

function applyCode(style: TerminalStyle, code: number): void {
  if (code === 0) Object.assign(style, plainStyle)
  else if (code === 1) style.bold = true
  else if (code === 2) style.dim = true
  else if (code === 3) style.italic = true
  else if (code === 4 || code === 21) style.underline = true
  else if (code === 7) style.inverse = true
  else if (code === 9) style.struck = true
  else if (code === 22) Object.assign(style, { bold: false, dim: false })
  else if (code === 23) style.italic = false
  else if (code === 24) style.underline = false
  else if (code === 27) style.inverse = false
  else if (code === 29) style.struck = false
  else if (code === 39) style.tone = null
  else if (code >= 30 && code <= 37) style.tone = tones[code - 30]!
  else if (code >= 90 && code <= 97) style.tone = tones[code - 90]!
  // Concealed text (8) stays to be seen, and backgrounds are not drawn.
}

/** `5;n` of 256 colours or `2;r;g;b`, after 38 or 48; `last`: where it ends. */
function readExtended(numbers: readonly number[], at: number): { tone: TerminalStyle['tone']; last: number } {
  if (numbers[at] === 5) return { tone: toneOfIndex(numbers[at + 1] ?? 0), last: at + 1 }
  if (numbers[at] === 2) return { tone: toneOfColour(numbers[at + 1] ?? 0, numbers[at + 2] ?? 0, numbers[at + 3] ?? 0), last: at + 3 }
  return { tone: null, last: at }
}

function toneOfIndex(index: number): TerminalStyle['tone'] {
  if (index < 16) return tones[index % 8]!
  if (index >= 232) return index < 246 ? 'muted' : null
  const level = (place: number) => Math.floor((index - 16) / place) % 6
  return toneOfColour(level(36) * 51, level(6) * 51, level(1) * 51)
}

/** The nearest of our tones by hue; greys have none. */
function toneOfColour(red: number, green: number, blue: number): TerminalStyle['tone'] {
  const most = Math.max(red, green, blue)
  const span = most - Math.min(red, green, blue)
  if (span < 48) return most < 150 ? 'muted' : null
  const third = most === red ? (green - blue) / span : most === green ? 2 + (blue - red) / span : 4 + (red - green) / span
  const hue = (third * 60 + 360) % 360
  if (hue < 25 || hue >= 340) return 'failed'
  if (hue < 75) return 'strong'
  if (hue < 170) return 'ok'
  return hue < 265 ? 'running' : 'halted'
}
