import type { JsonValue } from './canonical-profile.ts'
import type { Descriptor, DescriptorField } from './descriptor.ts'
import { canFormSay } from './encode-form.ts'
import { isDecimalText } from './encode-request.ts'
import { toFieldPath } from './field-path.ts'
import { fillPath } from './fill-path.ts'
import { findAtPointer, listJsonLeaves, type JsonLeaf } from './json-leaves.ts'
import { isSha256Hex } from './payload-hash.ts'
import type { Payload } from './payload.ts'

/** One leaf of a payload and the field that explains it; null when nothing does. */
export type ExplainedLeaf = { leaf: JsonLeaf; field: DescriptorField | null }

/**
 * Every leaf of a payload with the field that explains it. A leaf is explained when the descriptor (or the envelope every payload has)
 * speaks about its place *and* the value fits the field's format. Without a descriptor nothing is explained.
 * The unexplained come first, then the fields in the order of the descriptor, group by group.
 * Throws Error when the descriptor is for another kind of action.
 */
export function explainLeaves(payload: Payload, descriptor: Descriptor | null): ExplainedLeaf[] {
  const leaves = listJsonLeaves(payload as JsonValue)
  if (descriptor === null) return leaves.map((leaf) => ({ leaf, field: null }))
  if (payload.provider !== descriptor.provider || payload.operation !== descriptor.operation) {
    throw new Error(`The descriptor ${descriptor.id} does not describe this payload.`)
  }
  const fields = new Map<string, DescriptorField>()
  for (const field of [...descriptor.fields, ...envelopeFields, ...fileFields]) {
    fields.set(field.path, field)
  }
  const ranks = rankFields(descriptor)
  const rank = (item: ExplainedLeaf) => (item.field === null ? -1 : (ranks.get(item.field.path) ?? 0))
  const sayable = listSayable(payload.request.body)
  return leaves
    .map((leaf) => ({ leaf, field: findField(payload, descriptor, fields, sayable, leaf) }))
    .toSorted((one, other) => rank(one) - rank(other))
}

/** The pointer of a field's currency for one leaf: places in lists are taken over from the leaf. */
export function findCurrency(payload: Payload, leaf: JsonLeaf, field: DescriptorField): string | null {
  if (field.currency_at === undefined) return null
  const places = leaf.segments.filter((segment) => typeof segment === 'number')
  const pointer = field.currency_at.replaceAll('/*', () => `/${places.shift() ?? '*'}`)
  const currency = findAtPointer(payload as JsonValue, pointer)
  return typeof currency === 'string' && isCurrency(currency) ? currency : null
}

function rankFields(descriptor: Descriptor): Map<string, number> {
  const inOrder = [...envelopeFields, noBody, ...descriptor.fields, ...fileFields]
  const groups = [...new Set(inOrder.map((field) => field.group))]
  const grouped = groups.flatMap((group) => inOrder.filter((field) => field.group === group))
  return new Map(grouped.map((field, rank) => [field.path, rank]))
}

function findField(
  payload: Payload,
  descriptor: Descriptor,
  fields: Map<string, DescriptorField>,
  sayable: ReadonlySet<string>,
  leaf: JsonLeaf,
): DescriptorField | null {
  // The one request the descriptor describes: another method or path is another action, whatever its body says.
  if (leaf.pointer === '/request/method' && leaf.value !== descriptor.request.method) return null
  if (leaf.pointer === '/request/path' && leaf.value !== fillPath(descriptor.request.path, payload.target)) return null
  if (isWrongFee(descriptor, leaf) || !arrivesAsShown(payload, descriptor, sayable, leaf)) return null
  if (leaf.pointer === '/request/body' && leaf.value === null) return noBody
  if (leaf.pointer === '/cost' && leaf.value === null) return noCost
  if (leaf.pointer === '/files' && Array.isArray(leaf.value)) return noFiles
  const path = toFieldPath(leaf.segments)
  if (Array.isArray(leaf.value)) return findListField(fields, path)
  const field = fields.get(path)
  return field !== undefined && fits(payload, leaf, field) ? field : null
}

/** A cost that is not what the provider is known to charge: nobody may approve a price, or spend a cap, that is not the real one. */
function isWrongFee({ fee }: Descriptor, leaf: JsonLeaf): boolean {
  if (fee === null) return false
  if (leaf.pointer === '/cost/amount_minor') return leaf.value !== fee.amount_minor
  if (leaf.pointer === '/cost/currency') return leaf.value !== fee.currency
  return leaf.pointer === '/cost'
}

/** The members of a body that a form can say. Each is judged once: one may hold thousands of values. */
function listSayable(body: JsonValue): ReadonlySet<string> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return new Set()
  return new Set(Object.keys(body).filter((name) => canFormSay(body[name]!)))
}

/** Whether the encoding can say what stands here. What a form would change on its way is not what somebody read. */
function arrivesAsShown(payload: Payload, descriptor: Descriptor, sayable: ReadonlySet<string>, { segments }: JsonLeaf): boolean {
  if (descriptor.request.encoding !== 'form' || segments[0] !== 'request' || segments[1] !== 'body') return true
  const name = segments[2]
  return payload.request.body === null || (typeof name === 'string' && sayable.has(name))
}

/** An empty list is explained by the field that explains its items, had it any. */
function findListField(fields: Map<string, DescriptorField>, path: string): DescriptorField | null {
  for (const field of fields.values()) {
    if (field.path === `${path}/*` || field.path.startsWith(`${path}/*/`)) return field
  }
  return null
}

function fits(payload: Payload, leaf: JsonLeaf, field: DescriptorField): boolean {
  const value = leaf.value
  switch (field.format) {
    case 'text':
    case 'long_text':
    case 'markdown':
    case 'html':
    case 'code':
    case 'account':
      return typeof value === 'string'
    case 'money':
      return typeof value === 'number' && findCurrency(payload, leaf, field) !== null
    case 'integer':
    case 'bytes':
      return typeof value === 'number'
    case 'currency':
      return typeof value === 'string' && isCurrency(value)
    case 'decimal':
      return isDecimalText(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'url':
      return typeof value === 'string' && /^https?:\/\/[^\s/]/.test(value)
    case 'date':
      return typeof value === 'string' && datePattern.test(value)
    case 'image':
    case 'sha256':
      return isSha256Hex(value)
  }
}

const datePattern = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z)?$/

function isCurrency(text: string): boolean {
  return /^[A-Z]{3}$/.test(text)
}

const envelope = { group: 'What it is', must_see: false, risk_weight: 0 } as const
const file = { group: 'Files', must_see: false, risk_weight: 0 } as const

const noCost: DescriptorField = { ...envelope, path: '/cost', label: 'Cost now', format: 'money' }

/** Explains only a body that is not there; never a body that is a text. */
const noBody: DescriptorField = { ...envelope, path: '/request/body', label: 'Request body', format: 'text' }

const envelopeFields: DescriptorField[] = [
  { ...envelope, path: '/provider', label: 'Provider', format: 'text' },
  { ...envelope, path: '/operation', label: 'Operation', format: 'text' },
  { ...envelope, path: '/mode', label: 'Mode', format: 'text', must_see: true },
  {
    ...envelope,
    path: '/cost/amount_minor',
    label: 'Cost now',
    format: 'money',
    currency_at: '/cost/currency',
    must_see: true,
  },
  noCost,
  { ...envelope, path: '/cost/currency', label: 'Cost currency', format: 'currency' },
  { ...envelope, path: '/request/method', label: 'Request method', format: 'text' },
  { ...envelope, path: '/request/path', label: 'Request path', format: 'text' },
  { ...envelope, path: '/v', label: 'Payload version', format: 'integer' },
]

/** Without files there is no name that somebody must have seen. */
const noFiles: DescriptorField = { ...file, path: '/files', label: 'Files', format: 'text' }

const fileFields: DescriptorField[] = [
  noFiles,
  { ...file, path: '/files/*/name', label: 'File name', format: 'text', must_see: true },
  { ...file, path: '/files/*/sha256', label: 'File seal', format: 'sha256' },
  { ...file, path: '/files/*/size_bytes', label: 'File size', format: 'bytes' },
]
