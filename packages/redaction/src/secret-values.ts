import { barrier } from './barrier.ts'
import type { Span } from './span.ts'

/**
 * Values that stand behind a name which says that they are secret: `"password": "…"`, `API_KEY=…`, `token: …`, `Authorization: …`,
 * `{"name":"Cookie","value":"…"}`. A bounded expression finds the name; the value is then read by hand to its end, however long it is.
 */
export function listSecretValues(text: string): Span[] {
  return [...listHeaderValues(text), ...listNamedValues(text)]
}

function listHeaderValues(text: string): Span[] {
  const spans: Span[] = []
  let after = 0
  for (const match of text.matchAll(headerName)) {
    if (match.index < after) continue
    const value = findStart(text, match.index + match[0].length, 'header')
    if (value === null) continue
    after = findEnd(text, value, text.length)
    spans.push({ start: value.start, end: after, rule: toHeaderRule(match[0]), priority: 20 })
  }
  return spans
}

function listNamedValues(text: string): Span[] {
  const spans: Span[] = []
  let after = 0
  for (const match of text.matchAll(secretName)) {
    if (match.index < after) continue
    const value = findStart(text, match.index + match[0].length, 'key')
    // Judged by its head, and only then read to its end: a text full of names must not be read to its end for each of them.
    if (value === null || !isSecretLike(text, match[1] ?? '', value)) continue
    after = findEnd(text, value, text.length)
    spans.push({ start: value.start, end: after, rule: 'secret_key', priority: 10 })
  }
  return spans
}

const headerName =
  /(?<![A-Za-z0-9_])(?:proxy-authorization|authorization|set-cookie|cookie|private-token|job-token|(?:x-)?api-?key|x-(?:[a-z0-9]{1,20}-){0,4}(?:token|key|secret))(?![A-Za-z0-9_-])/gi

// The name must end with the word: `max_tokens`, `token_count`, `password_file` and `secretary` are no secrets.
const secretName =
  /(password|passwd|passphrase|pwd|secret|token|credentials?|api[_.-]?key|access[_.-]?key(?:[_.-]?id)?|secret[_.-]?key|private[_.-]?key|signing[_.-]?key|encryption[_.-]?key|master[_.-]?key|account[_.-]?key|shared[_.-]?key|session[_.-]?key|connection[_.-]?string|[?&]sig|x-(?:amz|goog)-signature)(?:[_.-]?[0-9]{1,3})?(?:[_.-](?:value|base64|b64|raw|live|test|prod|production|dev|development|staging))?(?![A-Za-z0-9_-])/gi

type Reading = 'quoted' | 'header' | 'word' | 'line'
type ValueStart = { start: number; reading: Reading; quote: string; separator: string }

/** Where the value behind a name that ends at `at` begins: over the name's closing quote, blanks and one separator. */
function findStart(text: string, at: number, kind: 'header' | 'key'): ValueStart | null {
  behindName.lastIndex = at
  const match = behindName.exec(text)
  if (match === null) return null
  const [whole, closing = '', separator = ''] = match
  opening.lastIndex = at + whole.length
  const quote = opening.exec(text)?.[0] ?? ''
  // A comma separates name and value only in lists of strings: ["Authorization", "Bearer …"].
  if (separator === ',' && (kind !== 'header' || closing === '' || quote === '')) return null
  const start = at + whole.length + quote.length
  if (quote !== '') return { start, reading: 'quoted', quote, separator }
  if (kind === 'header') return { start, reading: 'header', quote, separator }
  return { start, reading: separator === ':' && startsLine(text, at) ? 'line' : 'word', quote, separator }
}

// Where a value ends; \uffff is the barrier. A written-out line feed ends it as a real one does.
const stops: Record<Exclude<Reading, 'quoted'>, RegExp> = {
  header: /["'`\r\n\uffff]|\\[nr]/g,
  word: /[\s"'`,;&<>(){}[\]|\uffff]|\\[nr]/g,
  line: /[\r\n\uffff]|\\[nr]/g,
}

/** The end of a value, but not beyond `limit`. */
function findEnd(text: string, value: ValueStart, limit: number): number {
  // Cut first: a search that runs on to the next stop would read a text full of names to its end for each of them.
  const within = limit < text.length ? text.slice(0, limit + 1) : text
  if (value.reading === 'quoted') return findClosing(within, value.start, value.quote, limit)
  return Math.min(limit, findNext(stops[value.reading], within, value.start)?.index ?? limit)
}

// Quotes may themselves be escaped: JSON inside JSON.
const behindName = /(\\{0,7}["'`])?[ \t]{0,16}(?:,[ \t\r\n]{0,64}\\{0,7}["']value\\{0,7}["'][ \t]{0,16})?(:=|=>|={1,3}|:|,)[ \t]{0,16}/y
const opening = /\\{0,7}["'`]/y

const marks: Record<string, RegExp> = { '"': /["\n\uffff]/g, "'": /['\n\uffff]/g, '`': /[`\n\uffff]/g }

/** The same quote behind the same number of backslashes; a line that never closes its quote ends the value. */
function findClosing(text: string, start: number, quote: string, limit: number): number {
  const mark = marks[quote.at(-1)!]!
  for (let found = findNext(mark, text, start); found !== null && found.index < limit; found = findNext(mark, text, found.index + 1)) {
    const [character] = found
    if (character === barrier || (character === '\n' && quote.length === 1)) return found.index
    let first = found.index
    while (first > start && text[first - 1] === '\\') first -= 1
    if (character !== '\n' && found.index - first === quote.length - 1) return first
  }
  return limit
}

function findNext(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from
  return pattern.exec(text)
}

/** Whether nothing but a key stands before the separator of this line, as in YAML. */
function startsLine(text: string, at: number): boolean {
  const window = text.slice(Math.max(0, at - 120), at)
  const line = window.slice(Math.max(window.lastIndexOf('\n'), window.lastIndexOf(barrier)) + 1)
  return /^[ \t]{0,60}(?:- )?["']?[A-Za-z0-9_.-]{1,60}$/.test(line)
}

const judgedCharacters = 64
const placeholder =
  /^(?:true|false|null|none|nil|undefined|yes|no|on|off|\*+|x+|<[^<>]*>|\$\{.*|\$[A-Z_]+|\{\{.*|%[a-z]+%?|(?:string|str|number|boolean|bytes|any|unknown)[;,]?)$/i
const codeStart = /^(?:process\.env|os\.environ|import\.meta|self|this|config|options|args|env)[.[(]/

/** Names are used for other things too: placeholders, types, code, and what parsers say about their tokens. */
function isSecretLike(text: string, core: string, value: ValueStart): boolean {
  const end = findEnd(text, value, Math.min(text.length, value.start + judgedCharacters))
  const head = text.slice(value.start, end)
  const isQuoted = value.reading === 'quoted'
  if (head.length < 3) return isQuoted && head.length > 0
  if (head.length < judgedCharacters && placeholder.test(head)) return false
  if (!isQuoted && (/^[[{(]/.test(head) || codeStart.test(head) || (text[end] === '(' && value.reading === 'word'))) return false
  if (/^(?:token|secret|credentials?)$/i.test(core)) {
    if (/^[0-9]{1,7}$/.test(head)) return false
    if (!isQuoted && value.separator === ':') return head.length >= 8 && /[0-9]/.test(head)
  }
  return true
}

function toHeaderRule(name: string): string {
  const lower = name.toLowerCase()
  if (lower.endsWith('authorization')) return 'authorization'
  return lower.endsWith('cookie') ? 'cookie' : 'api_key_header'
}
