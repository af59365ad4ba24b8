/** Lines of a text: `\n`, `\r\n` and a lone `\r` end one. A text that ends with a line end has no empty last line. */
export function splitLines(text: string): string[] {
  if (text === '') return []
  const lines = text.split(/\r\n|\n|\r/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}
