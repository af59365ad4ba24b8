import type { AuditQueryTerm, QueryMoment } from '@autopack/contract/audit-query'
import { and, eq, gte, inArray, isNotNull, lt, ne, not, or, sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { auditEventTable } from '../../db/audit-tables.ts'
import { toSearchPattern } from '../../shared/search-pattern.ts'

/** What the terms of a query ask of a row; undefined: nothing. Every value is a parameter of the statement. */
export function toAuditCondition(terms: readonly AuditQueryTerm[], now: Date): SQL | undefined {
  const wanted = new Map<string, SQL[]>()
  const refused: SQL[] = []
  for (const term of terms) {
    const holds = toTermCondition(term, now)
    // Every word has to be there; of one field, one of the values.
    const group = term.field === 'word' ? `word ${term.start}` : term.field
    if (term.not) refused.push(not(holds))
    else wanted.set(group, [...(wanted.get(group) ?? []), holds])
  }
  return and(...[...wanted.values()].map((either) => or(...either)), ...refused)
}

export function toMoment(moment: QueryMoment, now: Date): Date {
  return 'at' in moment ? new Date(moment.at) : new Date(now.getTime() - moment.agoMs)
}

/** True or false, never null: its opposite has to hold where it does not. */
function toTermCondition(term: AuditQueryTerm, now: Date): SQL {
  const row = auditEventTable
  switch (term.field) {
    case 'word':
      return sql`${row.event} ILIKE ${toSearchPattern(toJsonText(term.text))}`
    case 'on':
      return isAbout(term.text)
    case 'who':
      return sql`(${row.auth_principal_id} = ${term.text} OR coalesce(lower(${row.auth_principal_name}) = lower(${term.text}), false))`
    case 'did':
      return inArray(row.event_type, term.types)
    case 'run':
      return and(isNotNull(row.run_id), eq(row.run_id, term.text))!
    case 'action':
      return and(isNotNull(row.approval_ref_id), eq(row.approval_ref_id, term.text))!
    case 'request': {
      const column = term.is === 'request_id' ? row.request_id : row.approval_ref_id
      return and(isNotNull(column), eq(column, term.text))!
    }
    case 'result':
      return term.statuses === 'not_refused' ? ne(row.result_status, 'refused') : inArray(row.result_status, term.statuses)
    case 'risk':
      return and(isNotNull(row.risk_level), eq(row.risk_level, term.level))!
    case 'since':
      return gte(row.at, toMoment(term.moment, now))
    case 'until':
      return lt(row.at, toMoment(term.moment, now))
  }
}

/** Its words as the text of the event has them: there, a quote is `\"`. */
function toJsonText(words: string): string {
  return JSON.stringify(words).slice(1, -1)
}

function isAbout(words: string): SQL {
  const pattern = toSearchPattern(words)
  const { event } = auditEventTable
  const member = (name: string) => sql`coalesce(control_plane.audit_member(${event}, ${name}) ILIKE ${pattern}, false)`
  // Most entries do not have the words at all, and reading the text is much cheaper than taking it apart.
  return sql`(${event} ILIKE ${toSearchPattern(toJsonText(words))} AND (${member('payload_summary')} OR ${member('external_target')}))`
}
