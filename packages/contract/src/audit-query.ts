/**
 * The query language of the audit log, pure: the server reads it to search, the page to explain it and, with `complete-audit-query.ts`, to
 * complete it.
 *
 *     who:mira did:approve -risk:low since:2026-11-20 "walnut desk"
 *
 * Terms are separated by spaces. All of them have to hold; of the same field said twice, one has to (`who:mira who:tom`). A `-` before a term:
 * it must not hold. What has no field is looked for as it stands, in the whole text of the entry. Quotes keep spaces together, and inside
 * them `\"` is a quote and `\\` a backslash.
 */
import type { AuditEventType } from './audit-event-types.ts'
import { auditEventGroups, findAuditEventTypes } from './audit-event-types.ts'
import { actionStates, riskLevels } from './external-actions.ts'

/** UTF-16 units of a query. Of the longest letters as many fit the 8 KiB of a request's headers, where the assertion names the address again. */
export const auditQueryLimit = 240
export const auditQueryTermsLimit = 24

export type AuditQueryField = 'who' | 'did' | 'on' | 'run' | 'action' | 'request' | 'result' | 'risk' | 'since' | 'until'

/** A moment, or so many milliseconds before now. `until` is written to its end: a day to midnight, a minute to its last moment. */
export type QueryMoment = { at: string } | { agoMs: number }

/** `start` and `end`: the place in the text, in UTF-16 units, with the `-`, the field and the quotes. `text`: the value as it was meant. */
export type AuditQueryTerm = { start: number; end: number; not: boolean; text: string } & (
  | { field: 'word' | 'who' | 'on' | 'run' | 'action' }
  | { field: 'did'; types: AuditEventType[] }
  | { field: 'request'; is: 'request_of_people' | 'request_id' }
  /** `ok` is whatever was not refused; else the states that it means. */
  | { field: 'result'; statuses: string[] | 'not_refused' }
  | { field: 'risk'; level: string }
  | { field: 'since'; moment: QueryMoment }
  | { field: 'until'; moment: QueryMoment }
)

/** What does not parse, and where: `start` to `end` in UTF-16 units. `expected`: what could stand there, for people; may be empty. */
export type AuditQueryError = { start: number; end: number; message: string; expected: readonly string[] }

export type AuditQueryReading = { ok: true; terms: AuditQueryTerm[] } | { ok: false; error: AuditQueryError }

/** Each field with an example of it, in the order a completion offers them. */
export const auditQueryExamples: Readonly<Record<AuditQueryField, string>> = {
  who: 'who:mira',
  did: 'did:approve',
  on: 'on:"walnut desk"',
  run: 'run:nightly-17',
  action: 'action:act_018f0000-0000-4000-8000-000000000001',
  request: 'request:apr_17',
  result: 'result:refused',
  risk: 'risk:high',
  since: 'since:2026-11-20',
  until: 'until:2026-11-21T14:30Z',
}
export const auditQueryResults: readonly string[] = [
  ...['ok', 'refused'],
  ...actionStates.map((state) => state.toLowerCase()),
  ...['change_asked', 'verified', 'drifted', 'cannot_verify'],
]

const fieldNames = Object.keys(auditQueryExamples) as AuditQueryField[]
const momentForms = ['2026-11-20', '2026-11-20T14:30Z', '24h', '7d']

/** Reads a query; the empty one has no terms and finds everything. Never throws: what does not parse is an error with its place. */
export function parseAuditQuery(text: string): AuditQueryReading {
  if (text.length > auditQueryLimit) return refuse(auditQueryLimit, text.length, `a query has ${auditQueryLimit} characters at most`)
  const hidden = text.search(/[\u0000-\u0008\u000b-\u001f\u007f]|\p{Surrogate}/u)
  if (hidden >= 0) return refuse(hidden, hidden + 1, 'this character cannot be in a query')
  const terms: AuditQueryTerm[] = []
  for (let place = skipSpaces(text, 0); place < text.length; place = skipSpaces(text, place)) {
    const term = readTerm(text, place)
    if ('message' in term) return { ok: false, error: term }
    const twice = (term.field === 'since' || term.field === 'until') && terms.find(({ field }) => field === term.field)
    if (twice) return refuse(term.start, term.end, `${term.field}: is there already; once is enough`)
    terms.push(term)
    if (terms.length > auditQueryTermsLimit) return refuse(term.start, text.length, `a query has ${auditQueryTermsLimit} terms at most`)
    place = term.end
  }
  return { ok: true, terms }
}

/** A term as text that parses to it again: `-who:"Mira Lang"`. */
export function writeAuditQueryTerm(field: AuditQueryField | 'word', value: string, { not = false } = {}): string {
  const bare = /^[^\s"]+$/.test(value) && (field !== 'word' || !/^-|:/.test(value))
  const written = bare ? value : `"${value.replace(/[\\"]/g, '\\$&')}"`
  return `${not ? '-' : ''}${field === 'word' ? '' : `${field}:`}${written}`
}

/** The term that the caret is in or at the end of; one without text where it stands alone; null inside quotes. */
export function findTermAt(text: string, caret: number): { start: number; end: number } | null {
  for (let place = skipSpaces(text, 0); place < text.length && place <= caret;) {
    const { end, quote } = findEnd(text, place)
    if (caret <= end) return quote !== null && caret > quote ? null : { start: place, end }
    place = skipSpaces(text, end)
  }
  return { start: caret, end: caret }
}

function refuse(start: number, end: number, message: string, expected: readonly string[] = []): { ok: false; error: AuditQueryError } {
  return { ok: false, error: { start, end, message, expected } }
}

function skipSpaces(text: string, from: number): number {
  let place = from
  while (place < text.length && /\s/.test(text[place]!)) place += 1
  return place
}

/** Where the term that begins at `start` ends, and whether its quotes are closed. */
function findEnd(text: string, start: number): { end: number; closed: boolean; quote: number | null } {
  const head = /^-?(?:[A-Za-z_]+:)?"/.exec(text.slice(start))
  if (head === null) {
    const length = text.slice(start).search(/\s/)
    return { end: length < 0 ? text.length : start + length, closed: true, quote: null }
  }
  const quote = start + head[0].length - 1
  for (let place = quote + 1; place < text.length; place += 1) {
    if (text[place] === '\\') place += 1
    else if (text[place] === '"') return { end: place + 1, closed: true, quote }
  }
  return { end: text.length, closed: false, quote }
}

function readTerm(text: string, start: number): AuditQueryTerm | AuditQueryError {
  const { end, closed, quote } = findEnd(text, start)
  if (!closed) return { start: quote!, end, message: 'this quote is not closed', expected: ['"'] }
  if (quote !== null && end < text.length && !/\s/.test(text[end]!))
    return { start: end, end: end + 1, message: 'after a closing quote comes a space', expected: [' '] }
  const raw = text.slice(start, end)
  const not = raw.startsWith('-')
  const rest = not ? raw.slice(1) : raw
  if (rest === '') return { start, end, message: 'a - stands before what must not hold', expected: ['-who:', '-word'] }
  const named = /^([A-Za-z_]+):/.exec(rest)
  const valueStart = start + (not ? 1 : 0) + (named?.[0].length ?? 0)
  const value = quote === null ? text.slice(valueStart, end) : text.slice(valueStart + 1, end - 1).replace(/\\([\\"])/g, '$1')
  const term = { start, end, not, text: value }
  if (named === null)
    return value === '' ? { start, end, message: 'there is nothing between these quotes', expected: [] } : { ...term, field: 'word' }
  const field = fieldNames.find((name) => name === named[1]!.toLowerCase())
  if (field === undefined) {
    const message = `there is no field ${named[1]!}; put quotes around it to look for the words`
    return { start: valueStart - named[0].length, end: valueStart, message, expected: fieldNames.map((name) => `${name}:`) }
  }
  if (value.trim() === '') return { start: valueStart, end, message: `after ${field}: comes a value`, expected: listExpected(field) }
  const wrong = (message: string, expected: readonly string[] = listExpected(field)): AuditQueryError => ({
    start: valueStart,
    end,
    message,
    expected,
  })
  switch (field) {
    case 'who':
    case 'on':
    case 'run':
      return { ...term, field }
    case 'action':
      return /^act_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? { ...term, field } : wrong('an action is called act_ and its id')
    case 'request':
      if (/^(?:apr_[1-9]\d{0,14}|gov_[0-9a-f]{8})$/.test(value)) return { ...term, field, is: 'request_of_people' }
      if (/^[A-Za-z0-9][A-Za-z0-9-]{7,63}$/.test(value)) return { ...term, field, is: 'request_id' }
      return wrong('a request is called apr_ and a number, or gov_ and eight digits; a request id has 8 to 64 letters, digits and -')
    case 'did': {
      const types = findAuditEventTypes(value)
      return types.length > 0 ? { ...term, field, types } : wrong('nothing in the log is called that')
    }
    case 'result': {
      const result = value.toLowerCase().replaceAll('-', '_')
      if (!auditQueryResults.includes(result)) return wrong('no such result')
      if (result === 'ok') return { ...term, field, statuses: 'not_refused' }
      return {
        ...term,
        field,
        statuses: (actionStates as readonly string[]).includes(result.toUpperCase()) ? [result.toUpperCase()] : [result, result.toUpperCase()],
      }
    }
    case 'risk': {
      const level = value.toLowerCase()
      return (riskLevels as readonly string[]).includes(level) ? { ...term, field, level } : wrong('no such risk')
    }
    default: {
      if (not) return { start, end, message: `${field}: has no opposite; use ${field === 'since' ? 'until' : 'since'}:`, expected: [] }
      const moment = readMoment(value, field)
      return moment === null ? wrong('not a day or moment (UTC) and not so long ago', momentForms) : { ...term, field, moment }
    }
  }
}

function listExpected(field: AuditQueryField): string[] {
  if (field === 'did') return Object.keys(auditEventGroups).concat('the beginning of a type, such as external_action.approved')
  if (field === 'since' || field === 'until') return momentForms
  if (field === 'result') return [...auditQueryResults]
  return field === 'risk' ? [...riskLevels] : [auditQueryExamples[field]]
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The year 0 and the year 10,000 are no moments of a database. */
const firstMoment = '0001-01-01T00:00:00.000Z'
const lastMoment = '9999-12-31T23:59:59.999Z'

function readMoment(text: string, field: 'since' | 'until'): QueryMoment | null {
  const ago = /^(\d{1,5})([mhd])$/i.exec(text)
  if (ago) return { agoMs: Number(ago[1]) * unitMs[ago[2]!.toLowerCase() as keyof typeof unitMs] }
  const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(\.\d{3})?)?Z)?$/i.exec(text)
  if (!found) return null
  const [, day, minute = '00:00', second = '00', fraction = '.000'] = found
  const written = `${day}T${minute}:${second}${fraction}Z`
  const at = new Date(written)
  // The 30th of February is read as a day of March.
  if (Number.isNaN(at.getTime()) || at.toISOString() !== written || written < firstMoment) return null
  const widthMs = found[2] === undefined ? unitMs.d : found[3] === undefined ? unitMs.m : found[4] === undefined ? 1000 : 1
  return { at: field === 'since' ? written : new Date(Math.min(at.getTime() + widthMs, Date.parse(lastMoment))).toISOString() }
}
