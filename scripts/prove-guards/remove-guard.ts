import type { Guard } from './guard.ts'

/** The text of the guard's file without the guard. Throws when the guard is not where it is expected to be. */
export function removeGuard(text: string, guard: Pick<Guard, 'name' | 'file' | 'remove' | 'put'>): string {
  const places = text.split(guard.remove).length - 1
  if (places !== 1) {
    const found = places === 0 ? 'its text is not there' : `its text is there ${places} times`
    throw new Error(`the guard ${guard.name} moved: ${found} in ${guard.file}; say in scripts/prove-guards/ how to take it away now`)
  }
  if (guard.remove === guard.put) throw new Error(`the guard ${guard.name} is not taken away: nothing is put in its place but itself`)
  return text.replace(guard.remove, () => guard.put)
}
