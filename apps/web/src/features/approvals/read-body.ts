import { payloadHash } from '@autopack/approval-proof/payload-hash'
import { seal } from '@autopack/approval-proof/seal'

/** One value of the body. `pointer`: JSON pointer; `cut`: how many characters of it are only in the bytes. */
export type BodyValue = { pointer: string; text: string; cut: number }

/** A request's body as this browser read it from its text; the hash is made here and not believed from the server. */
export type ReadBody = {
  /** How many. */
  bytes: number
  hash: string
  seal: string
  /** In the order they stand, at most 100. */
  values: BodyValue[]
  /** How many values are only in the bytes. */
  left_out: number
  /** Why the values above are not all there is; null: they are. */
  incomplete: string | null
}

const mostValues = 100
const mostCharacters = 2_000

/** Reads the body exactly as it came. The values are for reading; what a decision is bound to is the hash of the bytes. */
export function readBody(text: string): ReadBody {
  const bytes = new TextEncoder().encode(text)
  const hash = payloadHash(bytes)
  const read = { bytes: bytes.length, hash, seal: seal(hash) }
  let leaves: { pointer: string; text: string }[]
  try {
    const json = text.startsWith('\ufeff') ? text.slice(1) : text
    const tree = JSON.parse(json, keepNumbers) as unknown
    leaves = listLeaves(tree, '')
    if (countMembers(tree) !== countColons(json))
      return { ...read, values: cutLeaves(leaves), left_out: 0, incomplete: 'Something is named twice in it.' }
  } catch {
    return { ...read, values: [], left_out: 0, incomplete: 'It is not JSON that this browser can read.' }
  }
  const values = cutLeaves(leaves)
  const left_out = leaves.length - values.length
  const long = values.some((value) => value.cut > 0)
  const incomplete = left_out > 0 ? `${left_out} more values stand only in the bytes.` : long ? 'The longest values are cut here.' : null
  return { ...read, values, left_out, incomplete }
}

function cutLeaves(leaves: readonly { pointer: string; text: string }[]): BodyValue[] {
  return leaves.slice(0, mostValues).map(({ pointer, text }) => {
    const characters = [...text]
    const cut = Math.max(0, characters.length - mostCharacters)
    return { pointer, text: cut === 0 ? text : characters.slice(0, mostCharacters).join(''), cut }
  })
}

class NumberAsWritten {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** A number keeps its digits where the engine tells them: parsed, a long one would be another number. */
function keepNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? new NumberAsWritten(context?.source ?? String(value)) : value
}

function listLeaves(node: unknown, pointer: string): { pointer: string; text: string }[] {
  if (node instanceof NumberAsWritten) return [{ pointer, text: node.text }]
  if (typeof node === 'string') return [{ pointer, text: node }]
  if (typeof node !== 'object' || node === null) return [{ pointer, text: String(node) }]
  const members = Object.entries(node)
  if (members.length === 0) return [{ pointer, text: Array.isArray(node) ? 'nothing, an empty list' : 'nothing, an empty object' }]
  return members.flatMap(([name, member]) => listLeaves(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`))
}

function countMembers(node: unknown): number {
  if (typeof node !== 'object' || node === null || node instanceof NumberAsWritten) return 0
  const members = Object.values(node)
  return (Array.isArray(node) ? 0 : members.length) + members.reduce((sum: number, member) => sum + countMembers(member), 0)
}

/** Outside of strings a colon stands after each name, so a name that was said twice counts twice. */
function countColons(json: string): number {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, '').split(':').length - 1
}
