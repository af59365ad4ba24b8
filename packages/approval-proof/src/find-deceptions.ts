import type { Descriptor } from './descriptor.ts'
import { explainLeaves, type ExplainedLeaf } from './explain-leaves.ts'
import { formatMoney } from './format-money.ts'
import { listDisguisedWords, listMixedWords, listStyledRuns } from './look-alike.ts'
import type { Payload } from './payload.ts'
import { findPersuasion } from './persuasion-words.ts'
import { listSuspectLinks } from './suspect-links.ts'
import { findMisreadDecimal, findMisreadInteger, listFileNameOddities, listTextOddities, type TextForm, type TextOddity } from './text-oddities.ts'
import { cutText, toVisibleText } from './visible-text.ts'

/** What somebody should read twice. It changes no score and allows or refuses nothing. */
export type Deception = { code: DeceptionCode; level: 'finding'; title: string; detail: string }

type DeceptionCode =
  | TextOddity
  | 'look_alike_letters'
  | 'addresses_approver'
  | 'suspect_link'
  | 'suspect_file_name'
  | 'misread_number'
  | 'other_amount'

const titles: Record<DeceptionCode, string> = {
  look_alike_letters: 'Letters that look like others',
  addresses_approver: 'Text that speaks to whoever decides',
  suspect_link: 'A link that hides where it leads',
  suspect_file_name: 'The name of a file misleads',
  misread_number: 'A number that is easily misread',
  other_amount: 'The text names another amount',
  nested_content: 'Content of another kind in a text',
  encoded_text: 'Text written in code',
  odd_spacing: 'Gaps that hide what follows',
  stacked_marks: 'Marks drawn over characters',
  two_directions: 'Text in two directions',
  look_alike_number: 'Characters that look like numbers',
  long_value: 'A very long value',
}

const shownPlaces = 3
const shownCharacters = 80

/**
 * What in a payload could make somebody believe that it says something else than it does: at most one finding a code, each with the first
 * places. Hidden characters are not here: the rendering writes them out and counts them. Follows from the bytes alone; takes up to half a
 * second for the largest hostile payload. Throws Error when the descriptor is for another kind of action.
 */
export function findDeceptions(payload: Payload, descriptor: Descriptor | null): Deception[] {
  const places = new Map<DeceptionCode, string[]>()
  const add = (code: DeceptionCode, label: string, why: string) => {
    const found = places.get(code)
    if (found === undefined) places.set(code, [`${label} ${why}.`])
    else found.push(`${label} ${why}.`)
  }
  const explained = explainLeaves(payload, descriptor)
  const amounts = listAmounts(payload, explained)
  for (const item of explained) {
    const { value } = item.leaf
    const label = toLabel(item)
    if (typeof value === 'number' && item.field?.format !== 'money') {
      const why = findMisreadInteger(value)
      if (why !== null) add('misread_number', label, why)
    }
    if (typeof value !== 'string' || value === '' || isFixed(item)) continue
    if (item.field?.format === 'decimal') {
      const why = findMisreadDecimal(value)
      if (why !== null) add('misread_number', label, why)
      continue
    }
    readText(value, item, (code, why) => add(code, label, why))
    const other = amounts.length === 0 ? null : findOtherAmount(value, amounts)
    if (other !== null) add('other_amount', label, `says ${quote(other)}, and what is asked is ${amounts.join(' and ')}`)
  }
  return [...places].map(([code, all]) => ({ code, level: 'finding', title: titles[code], detail: toDetail(code, all) }))
}

/** Whether a code is one of those that {@link findDeceptions} answers. */
export function isDeceptionCode(code: string): boolean {
  return Object.hasOwn(titles, code)
}

function readText(value: string, item: ExplainedLeaf, add: (code: DeceptionCode, why: string) => void): void {
  const isName = item.field?.role === 'target' || item.field?.format === 'account' || item.field?.format === 'url' || isFileName(item)
  const disguised = [...listMixedWords(value), ...listStyledRuns(value), ...listDisguisedWords(value, isName), ...(isName ? listMimicry(value) : [])]
  if (disguised.length > 0) add('look_alike_letters', `has letters in ${quote(disguised[0]!)} that look like other ones`)
  const words = findPersuasion(value)
  if (words !== null) add('addresses_approver', `says ${quote(words)}`)
  for (const { shown, why } of listSuspectLinks(value).slice(0, 2)) add('suspect_link', `has ${quote(shown)}, which ${why}`)
  for (const { code, why } of listTextOddities(value, toForm(item))) add(code, why)
  if (isFileName(item)) for (const why of listFileNameOddities(value)) add('suspect_file_name', `${quote(value)} ${why}`)
}

/** Within a name of plain letters: a digit for a letter, a capital I for a small l. */
function listMimicry(name: string): string[] {
  return name.match(/[A-Za-z]*[a-z](?:[01](?=[a-z])|I(?![A-Z]))[A-Za-z]*/g) ?? []
}

/** The amounts that are asked for, as a person reads them; from money fields, and from the decimal that fills the sentence's price. */
function listAmounts(payload: Payload, explained: ExplainedLeaf[]): string[] {
  const found = new Set<string>()
  for (const { leaf, field } of explained) {
    if (field?.format === 'money' && typeof leaf.value === 'number' && leaf.pointer.startsWith('/request/body')) {
      const pointer = field.currency_at === undefined ? null : explained.find((item) => item.leaf.pointer === field.currency_at)
      found.add(formatMoney(leaf.value, typeof pointer?.leaf.value === 'string' ? pointer.leaf.value : ''))
    }
    if (field?.slot === 'price' && field.format === 'decimal') found.add(String(leaf.value))
  }
  // What it costs is an amount too: a text may name the fee.
  if (found.size > 0 && payload.cost !== null) found.add(formatMoney(payload.cost.amount_minor, payload.cost.currency))
  return [...found]
}

/** The first amount of money in a text, when none that it names is one that is asked for. */
function findOtherAmount(text: string, amounts: readonly string[]): string | null {
  const pattern = /(?:[€$£¥]|\b(?:EUR|USD|GBP|CHF|JPY))\s?\d[\d.,]{0,20}|\b\d[\d.,]{0,20}\s?(?:[€$£¥]|(?:EUR|USD|GBP|CHF|JPY)\b)/g
  const said = text.match(pattern) ?? []
  const asked = new Set(amounts.map(toNumberText))
  return said.length > 0 && !said.some((amount) => asked.has(toNumberText(amount))) ? (said[0] ?? null) : null
}

function toNumberText(amount: string): string {
  const digits = amount.replaceAll(/[^\d.,]/g, '').replace(/[.,]$/, '')
  const [, whole = '', fraction = ''] = /^(.*?)(?:[.,](\d{1,2}))?$/.exec(digits) ?? []
  return `${whole.replaceAll(/[.,]/g, '').replace(/^0+(?=\d)/, '')}.${fraction.padEnd(2, '0')}`
}

/** What the envelope or the format leaves no room in: exactly one text can stand there, or only hexadecimal digits. */
function isFixed({ leaf, field }: ExplainedLeaf): boolean {
  if (field === null) return false
  const formats = ['sha256', 'image', 'currency', 'date']
  return formats.includes(field.format) || ['/provider', '/operation', '/mode', '/request/method', '/request/path'].includes(leaf.pointer)
}

function isFileName({ leaf }: ExplainedLeaf): boolean {
  return leaf.segments[0] === 'files' && leaf.segments[2] === 'name'
}

function toForm({ field }: ExplainedLeaf): TextForm {
  if (field?.format === 'markdown' || field?.format === 'html' || field?.format === 'code') return 'markup'
  return field?.format === 'long_text' ? 'block' : 'line'
}

function toLabel({ leaf, field }: ExplainedLeaf): string {
  if (field === null) return quote(leaf.pointer)
  return [field.label, ...leaf.segments.filter((segment) => typeof segment === 'number').map((place) => place + 1)].join(' ')
}

function toDetail(code: DeceptionCode, all: readonly string[]): string {
  const more = all.length > shownPlaces ? ` And ${all.length - shownPlaces} more places.` : ''
  const note = code === 'addresses_approver' ? ' The agent wrote that; it proves nothing.' : ''
  return `${all.slice(0, shownPlaces).join(' ')}${more}${note}`
}

function quote(text: string): string {
  return `“${toVisibleText(cutText(text, shownCharacters), false).text}”`
}
