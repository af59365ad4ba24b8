import type { LinePiece } from './parse-line.ts'

/** Text of an agent with its redactions as chips and its hidden characters as escapes. */
export function LinePieces({ pieces }: { pieces: readonly LinePiece[] }) {
  return pieces.map((piece, index) =>
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
  )
}
