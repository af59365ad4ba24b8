import type { Descriptor, DescriptorField } from './descriptor.ts'
import { fitsForm, isDecimal } from './encode-request.ts'
import { toFieldPath, toPointer } from './field-path.ts'
import type { Json, Payload } from './payload.ts'

/** A value without children: where it stands (a number is a place in a list), and what explains it. `by` null: nothing does. */
export type Leaf = { path: ReadonlyArray<string | number>; pointer: string; value: Json; by: Explanation | null }

/** A field of a descriptor, or one that every payload has. */
export type Explanation = Pick<DescriptorField, 'path' | 'label' | 'group' | 'format' | 'must_see' | 'currency_at' | 'slot'>

const every = (path: string, label: string, format: Explanation['format'], must_see = false): Explanation => {
  return { path, label, group: 'What it is', format, must_see }
}
const cost = { ...every('/cost/amount_minor', 'Cost now', 'money', true), currency_at: '/cost/currency' }
const noCost = every('/cost', 'Cost now', 'money')
const noBody = every('/request/body', 'Request body', 'text')
const envelope: readonly Explanation[] = [
  every('/provider', 'Provider', 'text'),
  every('/operation', 'Operation', 'text'),
  every('/mode', 'Mode', 'text', true),
  cost,
  noCost,
  every('/cost/currency', 'Cost currency', 'currency'),
  every('/request/method', 'Request method', 'text'),
  every('/request/path', 'Request path', 'text'),
  every('/v', 'Payload version', 'integer'),
]
const noFiles = { ...every('/files', 'Files', 'text'), group: 'Files' }
const files: readonly Explanation[] = [
  noFiles,
  { ...every('/files/*/name', 'File name', 'text', true), group: 'Files' },
  { ...every('/files/*/sha256', 'File seal', 'sha256'), group: 'Files' },
  { ...every('/files/*/size_bytes', 'File size', 'bytes'), group: 'Files' },
]

/**
 * Every value of a payload with what explains it: its place is spoken about, and it fits the format. What nothing explains comes first, then
 * group by group, in the order in which the descriptor names them.
 */
export function explainPayload(payload: Payload, descriptor: Descriptor | null): Leaf[] {
  const leaves = listLeaves(payload as unknown as Json, [])
  if (descriptor === null) return leaves
  const sayable = listSayable(payload.request.body)
  const explained = leaves.map((leaf) => ({ ...leaf, by: explain(payload, descriptor, sayable, leaf) }))
  const inOrder = [...envelope, noBody, ...descriptor.fields, ...files]
  const groups = [...new Set(inOrder.map(({ group }) => group))]
  const rank = new Map<string, number>()
  for (const group of groups) {
    // The last of two fields about one place decides where it is drawn.
    for (const { path } of inOrder.filter((field) => field.group === group)) {
      rank.delete(path)
      rank.set(path, 0)
    }
  }
  for (const [place, path] of [...rank.keys()].entries()) rank.set(path, place + 1)
  const placeOf = ({ by }: Leaf) => (by === null ? 0 : rank.get(by.path)!)
  return explained.toSorted((one, other) => placeOf(one) - placeOf(other))
}

/** The currency that belongs to an amount; null where there is none beside it. */
export function findCurrency(payload: Payload, { path }: Pick<Leaf, 'path'>, by: Explanation): string | null {
  if (by.currency_at === undefined) return null
  const places = path.filter((step) => typeof step === 'number')
  let found: Json | undefined = payload as unknown as Json
  for (const step of by.currency_at.slice(1).split('/')) {
    const key = step === '*' ? String(places.shift() ?? '*') : step.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return null
    if (Array.isArray(found) && !/^(?:0|[1-9][0-9]*)$/.test(key)) return null
    found = (found as { [key: string]: Json })[key]
  }
  return isCurrency(found) ? found : null
}

function listLeaves(value: Json, path: ReadonlyArray<string | number>): Leaf[] {
  const children = Array.isArray(value)
    ? [...value.entries()]
    : typeof value === 'object' && value !== null
      ? Object.keys(value)
          .toSorted()
          .map((key) => [key, value[key]!] as const)
      : []
  if (children.length > 0) return children.flatMap(([step, item]) => listLeaves(item, [...path, step]))
  return [{ path, pointer: toPointer(path), value, by: null }]
}

function explain(payload: Payload, descriptor: Descriptor, sayable: ReadonlySet<string>, leaf: Leaf): Explanation | null {
  const { pointer, value } = leaf
  const { request, fee } = descriptor
  // Another request than the one that is described is another action.
  if (pointer === '/request/method' && value !== request.method) return null
  if (pointer === '/request/path' && value !== fillPath(request.path, payload.target)) return null
  // Nobody may agree to a price that is not the known one.
  if (fee !== null && pointer === '/cost') return null
  if (fee !== null && pointer === '/cost/amount_minor' && value !== fee.amount_minor) return null
  if (fee !== null && pointer === '/cost/currency' && value !== fee.currency) return null
  if (request.encoding === 'form' && !survivesForm(payload.request.body, sayable, leaf)) return null
  if (pointer === '/request/body' && value === null) return noBody
  if (pointer === '/cost' && value === null) return noCost
  if (pointer === '/files' && Array.isArray(value)) return noFiles
  // Of two fields about one place the last counts, and what every payload has counts before what a descriptor says.
  const path = toFieldPath(leaf.path)
  const known = [...descriptor.fields, ...envelope, ...files]
  if (Array.isArray(value)) {
    const listed = known.find((field) => field.path === `${path}/*` || field.path.startsWith(`${path}/*/`))
    return listed === undefined ? null : known.findLast((field) => field.path === listed.path)!
  }
  const field = known.findLast((one) => one.path === path)
  return field !== undefined && fits(payload, leaf, field) ? field : null
}

function fillPath(template: string, target: Payload['target']): string | null {
  let usable = true
  const path = template.replaceAll(/\{([a-z][a-z0-9_]*)\}/g, (_slot, key: string) => {
    const value = Object.hasOwn(target, key) ? String(target[key]) : ''
    usable &&= /^[A-Za-z0-9._~-]{1,64}$/.test(value) && value !== '.' && value !== '..'
    return value
  })
  return usable ? path : null
}

/** The members of a body that a form can say. Each is judged once: one may hold thousands of values. */
function listSayable(body: Json): ReadonlySet<string> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return new Set()
  return new Set(Object.keys(body).filter((name) => fitsForm(body[name]!)))
}

/** Whether a form can say what stands here; what it would change on its way is not what somebody read. */
function survivesForm(body: Json, sayable: ReadonlySet<string>, { path }: Leaf): boolean {
  if (path[0] !== 'request' || path[1] !== 'body' || body === null) return true
  const name = path[2]
  return typeof name === 'string' && sayable.has(name)
}

function fits(payload: Payload, leaf: Leaf, field: Explanation): boolean {
  const { value } = leaf
  switch (field.format) {
    case 'money':
      return typeof value === 'number' && findCurrency(payload, leaf, field) !== null
    case 'integer':
    case 'bytes':
      return typeof value === 'number'
    case 'boolean':
      return typeof value === 'boolean'
    case 'currency':
      return isCurrency(value)
    case 'decimal':
      return isDecimal(value)
    case 'url':
      return typeof value === 'string' && /^https?:\/\/[^\s/]/.test(value)
    case 'date':
      return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z)?$/.test(value)
    case 'image':
    case 'sha256':
      return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
    default:
      return typeof value === 'string'
  }
}

function isCurrency(value: Json | undefined): value is string {
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value)
}
