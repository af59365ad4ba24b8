/** The way to a value: keys, and places in lists as numbers. */
export type Path = ReadonlyArray<string | number>

/** A path as a JSON pointer (RFC 6901). */
export function toPointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The path of the descriptor's field that would speak about a place: `*` for places in lists, and never for a key. */
export function toFieldPath(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? '/*' : step === '*' ? '/~*' : toPointer([step]))).join('')
}
