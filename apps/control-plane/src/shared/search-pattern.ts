/** What `ILIKE` looks for: the text anywhere, with nothing in it that means something to the pattern. */
export function toSearchPattern(text: string): string {
  return `%${text.replaceAll('\0', '').replace(/[\\%_]/g, (character) => `\\${character}`)}%`
}
