import type { Descriptor } from './descriptor.ts'
import { explainLeaves, type ExplainedLeaf } from './explain-leaves.ts'
import { formatMoney } from './format-money.ts'
import { differByOne, listDisguisedWords, listMixedWords, listStyledRuns, toSkeleton } from './look-alike.ts'
import type { Payload } from './payload.ts'
import { findPersuasion } from './persuasion-words.ts'
import { listSuspectLinks } from './suspect-links.ts'
import { findMisreadDecimal, findMisreadInteger, listFileNameOddities, listTextOddities, type TextForm, type TextOddity } from './text-oddities.ts'
import { cutText, toVisibleText } from './visible-text.ts'

/** What somebody should read twice. It changes no score and allows or refuses nothing. */
export type Deception = { code: DeceptionCode; level: 'finding' | 'could_not_check' | 'pass'; title: string; detail: string }

type DeceptionCode =
  | TextOddity
  | 'look_alike_letters'
  | 'looks_like_known_target'
  | 'new_target'
  | 'known_target'
  | 'addresses_approver'
  | 'suspect_link'
  | 'suspect_file_name'
  | 'misread_number'
  | 'other_amount'

const titles: Record<Exclude<DeceptionCode, 'new_target' | 'known_target' | 'looks_like_known_target'>, string> = {
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
 * places. Hidden characters are not here: the rendering writes them out and counts them. `target` is as policy has it;
 * `knownTargets` are those of actions of this provider that people approved before, null when nobody could look.
 * Throws Error when the descriptor is for another kind of action.
 */
export function findDeceptions(payload: Payload, descriptor: Descriptor | null, target: string, knownTargets: readonly string[] | null): Deception[] {
  const places = new Map<keyof typeof titles, string[]>()
  const add = (code: keyof typeof titles, label: string, why: string) => {
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
  const found = [...places].map(([code, all]): Deception => ({ code, level: 'finding', title: titles[code], detail: toDetail(code, all) }))
  return [...found, compareTarget(target, knownTargets)]
}

function readText(value: string, item: ExplainedLeaf, add: (code: keyof typeof titles, why: string) => void): void {
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

function compareTarget(target: string, known: readonly string[] | null): Deception {
  const shown = quote(target)
  if (known === null || known.length === 0) {
    const why = known === null ? 'The targets approved before could not be read' : 'Nothing of this provider was approved before'
    const detail = `${why}, so nobody can say whether ${shown} is the usual target.`
    return { code: 'new_target', level: 'could_not_check', title: 'The target was compared with none', detail }
  }
  if (known.includes(target)) {
    return { code: 'known_target', level: 'pass', title: 'The target was approved before', detail: `People approved actions on ${shown} before.` }
  }
  const alike = known.find((other) => toSkeleton(other) === toSkeleton(target) || differByOne(other.toLowerCase(), target.toLowerCase()))
  if (alike !== undefined) {
    const detail = `${shown} was never approved before, and looks like ${quote(alike)}, which was. They are two different targets.`
    return { code: 'looks_like_known_target', level: 'finding', title: 'The target looks like another', detail }
  }
  const others = known
    .slice(0, shownPlaces)
    .map((other) => quote(other))
    .join(', ')
  const detail = `${shown} was never approved before. Approved were ${others}${known.length > shownPlaces ? ' and others' : ''}.`
  return { code: 'new_target', level: 'finding', title: 'A new target', detail }
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

function toDetail(code: keyof typeof titles, all: readonly string[]): string {
  const more = all.length > shownPlaces ? ` And ${all.length - shownPlaces} more places.` : ''
  const note = code === 'addresses_approver' ? ' The agent wrote that; it proves nothing.' : ''
  return `${all.slice(0, shownPlaces).join(' ')}${more}${note}`
}

function quote(text: string): string {
  return `“${toVisibleText(cutText(text, shownCharacters), false).text}”`
}
