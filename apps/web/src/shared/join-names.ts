/** `Ada`, `Ada or Bo`, `Ada, Bo or Cleo`. */
export function joinNames(names: readonly string[], word: 'and' | 'or'): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`
}
