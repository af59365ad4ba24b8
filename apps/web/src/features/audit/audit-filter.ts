import type { AuditQueryField } from '@autopack/contract/audit-query'
import { auditQueryLimit, parseAuditQuery, writeAuditQueryTerm } from '@autopack/contract/audit-query'

/** The query in the address (`/audit?q=`); what is too long for the server is cut. */
export function readAuditSearch(search: URLSearchParams): string {
  return (search.get('q') ?? '').slice(0, auditQueryLimit)
}

export function toAuditSearch(query: string): string {
  return query.trim() === '' ? '/audit' : `/audit?${new URLSearchParams({ q: query.trim() }).toString()}`
}

/** The address of the story of one thing: everything of a person, of a run, of an action. */
export function toAuditStory(field: AuditQueryField, value: string): string {
  return toAuditSearch(writeAuditQueryTerm(field, value))
}

/** The query with this value of the field, and no other; an empty value takes the field out. */
export function setAuditTerm(query: string, field: AuditQueryField, value: string): string {
  const reading = parseAuditQuery(query)
  const others = reading.ok ? reading.terms.filter((term) => term.field !== field).map(({ start, end }) => query.slice(start, end)) : [query.trim()]
  return [...others, ...(value === '' ? [] : [writeAuditQueryTerm(field, value)])].join(' ').trim()
}
