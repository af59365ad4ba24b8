/** Something that keeps a promise, how to take it away, and the test that must notice. */
export type Guard = {
  name: string
  /** What it protects, in one sentence, with the invariant (I-n) or the rule it belongs to. */
  protects: string
  file: string
  /** Stands exactly once in the file; `put` comes in its place, and is valid code of the same file. */
  remove: string
  put: string
  /** The name as vitest prints it: `group > test`. */
  test: { file: string; name: string }
}
