import type { Descriptor, DescriptorField } from '@autopack/approval-proof/descriptor'
import { formatMoney } from '@autopack/approval-proof/format-money'
import { isDecimalText } from '@autopack/approval-proof/encode-request'
import { findAtPointer, toSegments } from '@autopack/approval-proof/json-leaves'
import type { Payload } from '@autopack/approval-proof/payload'
import { cutText, toVisibleText } from '@autopack/approval-proof/visible-text'
import type { Observation } from '@autopack/contract/external-actions'

export type Comparison = Pick<Observation, 'result' | 'fields'> & { why: string | null }

/** A number as it was written: a double would round what has many digits, and drift would look like sameness. */
class NumberText {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
type Value = null | boolean | string | NumberText | readonly Value[] | ReadonlyMap<string, Value>

/** Deeper than any object of a provider, and shallow enough for every walk over it. */
const maxObservedDepth = 64
const shownCharacters = 1_000
/** More digits than any amount has; what is longer is not compared. */
const mostNumberCharacters = 400

/**
 * Compares what was sent with the effect as it was read back, by the fields the descriptor names. `verified`: all are the same.
 * `drifted`: at least one is not. `cannot_verify`: nobody can say, and `why`. Numbers are compared by value, digit by digit, also with
 * decimal texts where the field holds a number; texts are compared exactly. What was not sent and came back empty is the same.
 */
export function compareObserved(payload: Payload, descriptor: Descriptor | null, observedText: string | null): Comparison {
  if (descriptor === null || descriptor.verify === null) return cannotVerify('Nobody has described how this effect is read back.')
  if (observedText === null) return cannotVerify('The object could not be read at the provider, or is not there.')
  const observed = readObserved(observedText)
  if (typeof observed === 'string') return cannotVerify(observed)

  const pairs = descriptor.verify.fields
  const fields = pairs.map((pair): Comparison['fields'][number] => {
    const field = findField(descriptor, pair.sent)
    const sent = toSent(findAtPointer(payload as Parameters<typeof findAtPointer>[0], pair.sent), field)
    const found = findAt(observed.value, pair.observed)
    const [sentCurrency, observedCurrency] = findCurrencies(payload, observed.value, descriptor, field)
    return {
      label: field?.label ?? pair.sent,
      ...pair,
      sent_text: sent === undefined ? null : toText(sent, sentCurrency, found),
      observed_text: found === undefined ? null : toText(found, observedCurrency, sent),
      same: compare(sent, found, field !== null && numericFormats.has(field.format)),
    }
  })
  if (fields.some(({ same }) => same === false)) return { result: 'drifted', fields, why: null }
  const unknown = fields.filter(({ same }) => same === null)
  if (unknown.length > 0) return { result: 'cannot_verify', fields, why: toWhy(unknown) }
  return { result: 'verified', fields, why: null }
}

/** What is missing is said first: a number that is too long can still be looked at. */
function toWhy(unknown: Comparison['fields']): string {
  const missing = unknown.filter(({ observed_text }) => observed_text === null).map(({ label }) => label)
  if (missing.length > 0) return `What came back does not have: ${missing.join(', ')}.`
  return `Numbers of more than ${mostNumberCharacters} characters are not compared: ${unknown.map(({ label }) => label).join(', ')}.`
}

function cannotVerify(why: string): Comparison {
  return { result: 'cannot_verify', fields: [], why }
}

/** A sentence says why it cannot be read. */
function readObserved(text: string): { value: Value } | string {
  if (depthOf(text) > maxObservedDepth) return `What came back is nested deeper than ${maxObservedDepth} levels.`
  try {
    const value: unknown = JSON.parse(text, (_key: string, value: unknown, context?: { source?: string }) =>
      typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : toMap(value),
    )
    return { value: value as Value }
  } catch {
    return 'What came back is not JSON.'
  }
}

/** A map, so that a key like `__proto__` is only a key. */
function toMap(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || value instanceof NumberText) return value
  return value instanceof Map ? value : new Map(Object.entries(value))
}

/** Of brackets outside strings; an upper bound for text that is not JSON. */
function depthOf(text: string): number {
  let [depth, deepest, quoted] = [0, 0, false]
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (quoted) {
      if (character === '\\') at += 1
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '{' || character === '[') deepest = Math.max(deepest, (depth += 1))
    else if (character === '}' || character === ']') depth -= 1
  }
  return deepest
}

function findAt(value: Value, pointer: string): Value | undefined {
  let found: Value | undefined = value
  for (const segment of toSegments(pointer)) {
    if (found instanceof Map) found = found.get(segment)
    else if (Array.isArray(found) && /^(?:0|[1-9][0-9]*)$/.test(segment)) found = (found as Value[])[Number(segment)]
    else return undefined
  }
  return found
}

/** The field that speaks about a place, or about the items of the list that is there. */
function findField({ fields }: Descriptor, pointer: string): DescriptorField | null {
  const path = pointer.replaceAll(/\/(?:0|[1-9][0-9]*)(?=\/|$)/g, '/*')
  return fields.find((field) => field.path === path) ?? fields.find((field) => field.path === `${path}/*`) ?? null
}

function toSent(value: unknown, field: DescriptorField | null): Value | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'number') return new NumberText(String(value))
  if (typeof value === 'string') return field?.wire === 'number' && isDecimalText(value) ? new NumberText(value) : value
  if (Array.isArray(value)) return value.map((item) => toSent(item, field)!)
  if (typeof value !== 'object' || value === null) return value as null | boolean
  return new Map(Object.entries(value).map(([key, item]) => [key, toSent(item, null)!]))
}

/** Null: it was sent, and nothing came back for it, or a number that is too long to compare. */
function compare(sent: Value | undefined, observed: Value | undefined, numeric: boolean): boolean | null {
  if (sent === undefined) return observed === undefined || isEmpty(observed)
  if (observed === undefined || hasLongNumber(observed, numeric)) return null
  return isSame(sent, observed, numeric)
}

/** `numeric`: texts at this place hold numbers. */
function hasLongNumber(value: Value, numeric: boolean): boolean {
  if (value instanceof NumberText) return value.text.length > mostNumberCharacters
  if (typeof value === 'string') return numeric && value.length > mostNumberCharacters
  if (Array.isArray(value)) return value.some((item: Value) => hasLongNumber(item, numeric))
  return value instanceof Map && [...value.values()].some((item: Value) => hasLongNumber(item, false))
}

function isEmpty(value: Value): boolean {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0)
}

const numericFormats: ReadonlySet<DescriptorField['format']> = new Set(['money', 'integer', 'decimal', 'bytes'])

/** `numeric`: the place holds a number, whether it is written as one or as a text. */
function isSame(sent: Value, observed: Value, numeric: boolean): boolean {
  const numbers = [sent, observed].filter((value) => value instanceof NumberText).length
  if (numbers === 2 || (numbers === 1 && numeric)) {
    const [one, other] = [toDecimal(sent), toDecimal(observed)]
    return one !== null && one === other
  }
  if (Array.isArray(sent)) {
    const others = Array.isArray(observed) ? (observed as Value[]) : null
    return others?.length === sent.length && sent.every((item: Value, place) => isSame(item, others[place]!, numeric))
  }
  if (sent instanceof Map) {
    const other = observed instanceof Map ? observed : null
    return other?.size === sent.size && [...sent].every(([key, item]) => other.has(key) && isSame(item, other.get(key)!, false))
  }
  return sent === observed
}

/** One text for every way to write the same number: sign, digits, power of ten; null for what is no decimal number. */
function toDecimal(value: Value): string | null {
  const text = value instanceof NumberText ? value.text : value
  if (typeof text !== 'string') return null
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,9}))?$/.exec(text)
  if (parts === null) return null
  const [, sign, whole, fraction = '', power = '0'] = parts
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  // A pattern that ends with `$` would try anew from every zero there is.
  let end = digits.length
  while (digits[end - 1] === '0') end -= 1
  const significant = digits.slice(0, end)
  if (significant === '') return '0'
  return `${sign}${significant}e${Number(power) - fraction.length + digits.length - significant.length}`
}

/** The currencies in which an amount was sent and came back; null where nobody says. */
function findCurrencies(
  payload: Payload,
  observed: Value,
  descriptor: Descriptor,
  field: DescriptorField | null,
): readonly [string | null, string | null] {
  const currencyAt = field?.format === 'money' ? field.currency_at : undefined
  if (currencyAt === undefined) return [null, null]
  const pair = descriptor.verify?.fields.find(({ sent }) => sent === currencyAt)
  const found = pair === undefined ? undefined : findAt(observed, pair.observed)
  return [toCurrency(findAtPointer(payload as Parameters<typeof findAtPointer>[0], currencyAt)), toCurrency(found)]
}

function toCurrency(value: unknown): string | null {
  return typeof value === 'string' && /^[A-Z]{3}$/.test(value) ? value : null
}

/** As a person reads it: hidden characters written out, and of a long text the part where it begins to differ from the other. */
function toText(value: Value, currency: string | null, other: Value | undefined): string {
  const amount = value instanceof NumberText ? Number(value.text) : Number.NaN
  if (currency !== null && Number.isSafeInteger(amount) && /^-?\d+$/.test((value as NumberText).text)) return formatMoney(amount, currency)
  const [text, otherText] = [toPlainText(value), other === undefined ? '' : toPlainText(other)]
  if (text.length <= shownCharacters) return toVisibleText(text.toWellFormed(), true).text
  const from = Math.max(0, findDifference(text, otherText) - 50)
  const part = text.slice(from).toWellFormed()
  return `${from > 0 ? '…' : ''}${cutText(toVisibleText(part, true).text, shownCharacters)}`
}

/** Where two texts begin to differ; 0 when they do not. */
function findDifference(one: string, other: string): number {
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) if (one[at] !== other[at]) return at
  return 0
}

function toPlainText(value: Value): string {
  if (typeof value === 'string') return value
  return JSON.stringify(toPlain(value))
}

function toPlain(value: Value): unknown {
  if (value instanceof NumberText) return (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON(value.text)
  if (Array.isArray(value)) return value.map((item: Value) => toPlain(item))
  return value instanceof Map ? Object.fromEntries([...value].map(([key, item]) => [key, toPlain(item)])) : value
}
