import { toCanonicalEvent } from './canonical-event.ts'
import { readJson } from './read-json.ts'
import { integer, list, members, oneOf, orNull, text, truth } from './shape.ts'
import type { Shape } from './shape.ts'
import { showText } from './visible-text.ts'

/** What the console knew about one kind of action: those members that decide what is drawn, sent and asked. */
export type Descriptor = {
  id: string
  version: number
  provider: string
  operation: string
  title: string
  tier: 'A' | 'B' | 'C'
  request: { method: string; path: string; encoding: 'json' | 'form' }
  fee: { amount_minor: number; currency: string } | null
  sentence: string
  seen_by: string
  fields: DescriptorField[]
  undo: { text: string }
  approval: Approval
  /** Tier A and B: what is granted without a person. */
  grant: { execute_within_seconds: number } | null
}

/** Who decides where people do, and by when. */
export type Approval = {
  all_of: Array<{ role: 'approver' | 'admin'; count: number }>
  step_up: 'passkey' | 'preferred' | 'none'
  decide_within_seconds: number
  execute_within_seconds: number
  hold_seconds: number
}

export type DescriptorField = {
  path: string
  label: string
  group: string
  format: (typeof fieldFormats)[number]
  must_see: boolean
  currency_at?: string
  slot?: string
  wire?: 'number'
}

const fieldFormats = [
  ...(['text', 'long_text', 'markdown', 'html', 'code', 'account', 'url', 'date', 'image', 'sha256'] as const),
  ...(['money', 'currency', 'integer', 'decimal', 'bytes', 'boolean'] as const),
] as const

/** It is shown as it is, so nothing in it may hide or move anything. */
const words: Shape = (value, where) => {
  const isPlain = typeof value === 'string' && /^[^]{1,300}$/.test(value) && showText(value, false).hidden === 0
  return isPlain ? null : { where, detail: 'a text of 1 to 300 characters that can all be seen belongs here' }
}
const name = text(/^[a-z][a-z0-9_]{0,63}$/, 'a name of a-z, 0-9 and _')
const pointer = text(/^(?:\/(?:[^~/*]|~0|~1)+|\/\*)+$/, 'a pointer')
const currency = text(/^[A-Z]{3}$/, 'a currency')

const field = members(
  {
    path: text(/^\/(?:target|request\/body)(?:\/|$)/, 'a pointer below /target or /request/body'),
    label: words,
    group: words,
    format: oneOf(...fieldFormats),
    must_see: truth,
  },
  'others',
)

/** Members that a field may have. */
const optional: Readonly<Record<string, Shape>> = { path: pointer, currency_at: pointer, slot: name, wire: oneOf('number') }

const descriptor = members(
  {
    id: text(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'provider.operation'),
    version: integer(1),
    provider: name,
    operation: name,
    title: words,
    tier: oneOf('A', 'B', 'C'),
    request: members(
      {
        method: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE'),
        path: text(/^(?:\/(?:[A-Za-z0-9._~-]+|\{[a-z][a-z0-9_]*\}))+$/, 'a path'),
        encoding: oneOf('json', 'form'),
      },
      'others',
    ),
    fee: orNull(members({ amount_minor: integer(0), currency }, 'others')),
    sentence: words,
    seen_by: words,
    fields: list((value, where) => field(value, where) ?? members(optionalOf(value), 'others')(value, where)),
    undo: members({ text: words }, 'others'),
    approval: members(
      {
        all_of: list(members({ role: oneOf('approver', 'admin'), count: integer(1) }, 'others'), 1),
        step_up: oneOf('passkey', 'preferred', 'none'),
        decide_within_seconds: integer(0),
        execute_within_seconds: integer(0),
        hold_seconds: integer(0),
      },
      'others',
    ),
    grant: orNull(members({ execute_within_seconds: integer(0) }, 'others')),
  },
  'others',
)

function optionalOf(value: unknown): Record<string, Shape> {
  return Object.fromEntries(Object.entries(optional).filter(([member]) => Object.hasOwn(value as object, member)))
}

/** In UTF-16 units. What is longer could keep whoever verifies it busy for as long as somebody likes. */
const mostCharacters = 65_536

/** The descriptor that a canonical text holds, or in a sentence why there is none. */
export function readDescriptor(canonical: string): Descriptor | string {
  if (canonical.length > mostCharacters) return `it is longer than ${mostCharacters} characters`
  let value: unknown
  try {
    value = readJson(canonical, 32)
    if (toCanonicalEvent(value) !== canonical) return 'it is not in its canonical form'
  } catch (error) {
    return `it cannot be read: ${(error as Error).message}`
  }
  const misfit = descriptor(value, '')
  if (misfit !== null) return `nothing can be drawn by it: ${misfit.where === '' ? '' : `${misfit.where}: `}${misfit.detail}`
  return value as Descriptor
}
