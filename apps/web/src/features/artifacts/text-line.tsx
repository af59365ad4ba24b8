import { useState } from 'react'
import { formatCount } from '../../shared/format-count.ts'
import { parseLine } from './parse-line.ts'

const shownCharacters = 4_000

/** One line with its chips and escapes. A very long line shows its beginning first: one line of JSON can be the whole file. */
export function TextLine({ line }: { line: string }) {
  const [whole, setWhole] = useState(false)
  const cut = !whole && line.length > shownCharacters
  // Never between the halves of a character outside the basic plane.
  const end = cut && /[\ud800-\udbff]/.test(line[shownCharacters - 1]!) ? shownCharacters - 1 : shownCharacters
  return (
    <span className="lx">
      {parseLine(cut ? line.slice(0, end) : line).map((piece, index) =>
        piece.kind === 'text' ? (
          piece.text
        ) : piece.kind === 'chip' ? (
          <span
            className="chip"
            key={index}
            title={`A value was replaced here by the rule ${piece.rule}; the same value always shows #${piece.fingerprint}.`}
          >
            redacted · {piece.rule} · #{piece.fingerprint}
          </span>
        ) : (
          <span className="hid" key={index} title={piece.name ?? 'a character that cannot be seen'}>
            {piece.escape}
          </span>
        ),
      )}
      {cut && (
        <button className="btn xs" type="button" onClick={() => setWhole(true)}>
          {formatCount(line.length - end)} more characters
        </button>
      )}
    </span>
  )
}
