/** A migration: its file, and the SQL in it. In the order in which they run. */
export type Migration = { file: string; text: string }

/**
 * The migration that defines the function around this text anew, if a later one does: what is taken away before it is put back by it, and
 * nothing would be proved. Null: the text is in force, or in no function.
 */
export function findLaterForm(migrations: readonly Migration[], guard: { file: string; remove: string }): string | null {
  const place = migrations.findIndex(({ file }) => file === guard.file)
  if (place === -1) return null
  const { text } = migrations[place]!
  const at = text.indexOf(guard.remove)
  const around = listFunctions(text).find(({ from, to }) => from <= at && at < to)
  if (around === undefined) return null
  return migrations.slice(place + 1).findLast((later) => listFunctions(later.text).some(({ name }) => name === around.name))?.file ?? null
}

function listFunctions(text: string): { name: string; from: number; to: number }[] {
  return [...text.matchAll(/CREATE (?:OR REPLACE )?FUNCTION ([\w.]+)\([\s\S]*?\$\$[\s\S]*?\$\$/g)].map((match) => ({
    name: match[1]!,
    from: match.index,
    to: match.index + match[0].length,
  }))
}
