/** Longer lines than this are laid out before they are shown. */
export const longestPlainLine = 400
const mostSpaces = 40

/**
 * A JSON text with a line for each member and item, two spaces a level; every token stays exactly as it is written, so no number is
 * rounded and no name is lost. It needs no whole document: one that is cut is laid out up to the cut. Linear.
 */
export function layOutJson(text: string): string {
  const pieces: string[] = []
  let depth = 0
  const breakLine = () => `\n${' '.repeat(Math.min(mostSpaces, depth * 2))}`
  for (const match of text.matchAll(token)) {
    const [piece, , empty] = match
    if (empty !== undefined) pieces.push(piece.replace(/\s/g, ''))
    else if (piece === '{' || piece === '[') {
      depth += 1
      pieces.push(piece, breakLine())
    } else if (piece === '}' || piece === ']') {
      depth = Math.max(0, depth - 1)
      pieces.push(breakLine(), piece)
    } else if (piece === ',') pieces.push(piece, breakLine())
    else if (piece === ':') pieces.push(': ')
    else pieces.push(piece)
  }
  return pieces.join('')
}

/** A string (also one without an end), an empty object or list, a sign, or a run of anything else that is not white space. */
const token = /("(?:[^"\\]|\\[^])*(?:"|\\?$))|(\{\s*\}|\[\s*\])|[{}[\],:]|[^\s"{}[\],:]+/g
