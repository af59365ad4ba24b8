import { useState } from 'react'
import { formatCount } from '../../shared/format-count.ts'
import { LinePieces } from './line-pieces.tsx'
import { parseLine } from './parse-line.ts'
import { plainStyle, styleLine } from './terminal-style.ts'
import type { TerminalStyle } from './terminal-style.ts'

const shownCharacters = 4_000
const moreCharacters = 32_000

/** One line with its colours, chips and escapes. A very long line shows its beginning first: one line of JSON can be the whole file. */
export function TextLine({ line, style = plainStyle }: { line: string; style?: TerminalStyle }) {
  const [shown, setShown] = useState(shownCharacters)
  const cut = line.length > shown
  // Never between the halves of a character outside the basic plane.
  const end = cut && /[\ud800-\udbff]/.test(line[shown - 1]!) ? shown - 1 : shown
  const { runs } = styleLine(cut ? line.slice(0, end) : line, style)
  return (
    <span className="lx">
      {runs.map((run, index) => {
        const pieces = <LinePieces pieces={parseLine(run.text)} />
        const classes = toClasses(run.style)
        return classes === '' ? (
          <span key={index}>{pieces}</span>
        ) : (
          <span className={classes} key={index}>
            {pieces}
          </span>
        )
      })}
      {cut && (
        <button className="btn xs" type="button" onClick={() => setShown(end + moreCharacters)}>
          {formatCount(line.length - end)} more characters
        </button>
      )}
    </span>
  )
}

function toClasses({ tone, bold, dim, italic, underline, struck, inverse }: TerminalStyle): string {
  return [
    tone !== null && `t-${tone}`,
    bold && 't-strong',
    dim && tone === null && 't-muted',
    italic && 't-italic',
    underline && 't-under',
    struck && 't-struck',
    inverse && 't-inverse',
  ]
    .filter(Boolean)
    .join(' ')
}
