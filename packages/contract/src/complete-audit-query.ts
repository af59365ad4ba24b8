/** What could come next in a query of the audit log, with a line on each: a file of its own, which the page loads when somebody writes one. */
import { auditEventMeanings } from './audit-event-meanings.ts'
import { auditEventGroups, auditEventTypeNames } from './audit-event-types.ts'
import { auditQueryResults, findTermAt, type AuditQueryField } from './audit-query.ts'
import { riskLevels } from './external-actions.ts'

type AuditQueryValue = { value: string; explains: string }
type AuditQueryFieldFacts = {
  field: AuditQueryField
  explains: string
  /** Null: anything. */
  values: readonly AuditQueryValue[] | null
}

const didValues: AuditQueryValue[] = [
  ...Object.entries(auditEventGroups).map(([value, explains]) => ({ value, explains })),
  ...auditEventTypeNames.map((value) => ({ value, explains: auditEventMeanings[value] })),
]

const stateWords: Readonly<Record<string, string>> = {
  ok: 'whatever was not refused',
  refused: 'whatever was refused',
  change_asked: 'waits for its executor to change it',
  verified: 'read back as approved',
  drifted: 'read back different from what was approved',
  cannot_verify: 'nobody can say whether it is as approved',
}
const resultValues: AuditQueryValue[] = auditQueryResults.map((value) => ({ value, explains: stateWords[value] ?? `it came to the state ${value}` }))

const riskValues: AuditQueryValue[] = riskLevels.map((value) => ({ value, explains: `risk ${value}, as it was reckoned then` }))

const momentValues: AuditQueryValue[] = [
  { value: '1h', explains: 'an hour ago' },
  { value: '24h', explains: 'a day ago' },
  { value: '7d', explains: 'a week ago' },
  { value: '30d', explains: 'thirty days ago' },
]

/** Every field with one line that explains it, in the order a completion offers them. */
export const auditQueryFields: readonly AuditQueryFieldFacts[] = [
  { field: 'who', explains: 'who did it: a whole name, or an id', values: null },
  { field: 'did', explains: 'what was done: a group, or the beginning of a type', values: didValues },
  { field: 'on', explains: 'what it was about: words of its summary or target', values: null },
  { field: 'run', explains: 'the run it belongs to', values: null },
  { field: 'action', explains: 'the external action: act_…', values: null },
  { field: 'request', explains: 'a request for people (apr_…, gov_…), or the request id of a message', values: null },
  { field: 'result', explains: 'what came of it', values: resultValues },
  { field: 'risk', explains: 'how risky it was', values: riskValues },
  { field: 'since', explains: 'from this day or moment on (UTC), or so long ago', values: momentValues },
  {
    field: 'until',
    explains: 'up to this day or moment and with it (UTC), or so long ago',
    values: momentValues,
  },
]

/** What could be written at the caret: `start` to `end` is what an option replaces. No options: anything, or nothing that is known. */
export function completeAuditQuery(text: string, caret: number): { start: number; end: number; options: { text: string; explains: string }[] } {
  const term = findTermAt(text, caret)
  if (term === null) return { start: caret, end: caret, options: [] }
  const start = term.start + (text[term.start] === '-' ? 1 : 0)
  const typed = text.slice(start, caret)
  const colon = typed.indexOf(':')
  if (colon < 0) {
    const fields = auditQueryFields.filter(({ field }) => field.startsWith(typed.toLowerCase()))
    return { start, end: term.end, options: fields.map(({ field, explains }) => ({ text: `${field}:`, explains })) }
  }
  const facts = auditQueryFields.find(({ field }) => field === typed.slice(0, colon).toLowerCase())
  const value = typed
    .slice(colon + 1)
    .toLowerCase()
    .replaceAll('-', '_')
  const fits = (word: string) => [word, word.slice(word.indexOf('.') + 1)].some((part) => part.replaceAll('-', '_').startsWith(value))
  const options = (facts?.values ?? []).filter((one) => fits(one.value)).map((one) => ({ text: one.value, explains: one.explains }))
  return { start: start + colon + 1, end: term.end, options }
}
