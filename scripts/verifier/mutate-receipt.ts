import { createRandomNumber } from '../prove/random-number.ts'

type Tree = { [key: string]: unknown }

const characters = ['"', '0', 'A', ' ', '}', 'é', '\\', ',', '\ud800', '']
const values = [null, true, 0, -1, 1.5, '', 'a', [], {}, 'f'.repeat(64), '2026-11-23T10:00:00.000Z', 'é𝄞', [1], 2 ** 53, 'toString', '__proto__']

/** The text of a receipt with one change in it: a character, a value, a member left out, or one taken from elsewhere in it. */
export function mutateReceipt(text: string, seed: number): string {
  const { below, pick } = createRandomNumber(seed)
  const way = below(5)
  if (way === 0) {
    const place = below(text.length)
    return text.slice(0, place) + pick(characters) + text.slice(place + 1)
  }
  const receipt = JSON.parse(text) as Tree
  const places = listPlaces(receipt)
  const [parent, key] = pick(places)
  if (way === 1) parent[key] = pick(values)
  else if (way === 2 && Array.isArray(parent)) parent.splice(Number(key), 1)
  else if (way === 2) delete parent[key]
  else {
    const [other, otherKey] = pick(places)
    parent[key] = structuredClone(other[otherKey])
  }
  return JSON.stringify(receipt)
}

function listPlaces(value: unknown): Array<readonly [parent: Tree, key: string]> {
  if (typeof value !== 'object' || value === null) return []
  const parent = value as Tree
  return Object.keys(parent).flatMap((key) => [[parent, key] as const, ...listPlaces(parent[key])])
}
