import { parseAuditQuery, writeAuditQueryTerm, type AuditQueryField } from '@autopack/contract/audit-query'

/** `/audit?q=…`, or `/audit` for everything. */
export function toAuditAddress(query: string): string {
  return query.trim() === '' ? '/audit' : `/audit?${new URLSearchParams({ q: query.trim() }).toString()}`
}

/** Everything that fits one term. */
export function toTermAddress(field: AuditQueryField, value: string): string {
  return toAuditAddress(writeAuditQueryTerm(field, value))
}

/** The query with this term in place of those of the same field; a query that cannot be read is left behind. */
export function withTerm(query: string, field: AuditQueryField, value: string): string {
  const read = parseAuditQuery(query)
  const kept = read.ok ? read.terms.filter((term) => term.field !== field || term.not).map(({ start, end }) => query.slice(start, end)) : []
  return [...kept, writeAuditQueryTerm(field, value)].join(' ')
}

/** Queries people come back for. One field said several times means any of them. */
export const quickFilters = [
  { name: 'Everything', query: '' },
  { name: 'Decisions', query: 'did:decision' },
  { name: 'Refusals', query: 'result:refused' },
  { name: 'Sign-ins and keys', query: 'did:sign-in did:passkey did:key' },
  { name: 'Brake and caps', query: 'did:control' },
] as const
