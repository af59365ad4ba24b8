import type { AuditEntry } from '@autopack/contract/audit'
import type { AuditQueryTerm } from '@autopack/contract/audit-query'
import { parseAuditQuery } from '@autopack/contract/audit-query'
import type { Database } from '@autopack/server-kit/open-database'
import { ProblemError } from '@autopack/server-kit/problem-error'
import { readAuditHead } from '../../audit/line-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { toAuditCondition, toMoment } from './audit-condition-rows.ts'
import { countAuditRows, findSeqAfter, hasOlderSince, listAuditRows } from './audit-rows.ts'
import type { AuditWindow } from './audit-rows.ts'

/**
 * Words are found by reading every text they may be in; over a million entries that would hold the database for seconds. A search reads so
 * many entries at a time, the newest first, unless something that has an index narrows it. Its cursor goes on where it stopped.
 */
export const searchWindow = 20_000

export type AuditPage = { items: AuditEntry[]; total: { count: number; exact: boolean }; next: number | null; searched_from: number | null }

/** One page of what a query finds, newest first; `before`: where the page before stopped. */
export async function searchAudit(
  db: Database,
  principal: OperatorPrincipal,
  terms: readonly AuditQueryTerm[],
  {
    before,
    limit,
    now,
    most = searchWindow,
  }: { before: number | null; limit: number; now: Date; /** Entries read for words; tests take fewer. */ most?: number },
): Promise<AuditPage> {
  const condition = toAuditCondition(terms, now)
  const all = await findWindow(db, terms, null, now, most)
  const window = before === null ? all : await findWindow(db, terms, before, now, most)
  const rows = await listAuditRows(db, principal, condition, window, limit + 1)
  const counted = await countAuditRows(db, principal, condition, all)
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return {
    items,
    total: { count: counted.count, exact: counted.exact && all.from === null },
    next: rows.length > limit && last ? last.seq : window.from,
    searched_from: window.from,
  }
}

/** The terms of a query that came over the wire. Throws `invalid_request` with the place of what does not parse. */
export function readAuditQuery(q: string | undefined, where = 'query q'): AuditQueryTerm[] {
  const reading = parseAuditQuery(q ?? '')
  if (reading.ok) return reading.terms
  const { start, message, expected } = reading.error
  const place = `${where}, character ${start + 1}`
  const told = expected.length === 0 ? message : `${message}; possible: ${expected.slice(0, 12).join(', ')}${expected.length > 12 ? ' …' : ''}`
  throw new ProblemError('invalid_request', `${place}: ${told}`, { issues: [{ where: place, message: told }] })
}

/** Which entries one page looks at: all of them, or a window of them where only reading the texts can tell. */
async function findWindow(db: Database, terms: readonly AuditQueryTerm[], before: number | null, now: Date, most: number): Promise<AuditWindow> {
  if (terms.length === 0 || isNarrow(terms)) return { from: null, before }
  const until = terms.find((term) => term.field === 'until')
  const since = terms.find((term) => term.field === 'since')
  const top = before ?? (until ? await findSeqAfter(db, toMoment(until.moment, now)) : (await readAuditHead(db)).seq + 1)
  const from = top - most
  const isLast = from <= 1 || (since !== undefined && !(await hasOlderSince(db, from, toMoment(since.moment, now))))
  return { from: isLast ? null : from, before: top }
}

/**
 * Whether an index leads to what is looked for. One of a story (a run, an action) leads to few entries, whose words can all be read; one of a
 * kind may lead to half the log. A moment leads to no few entries either.
 */
export function isNarrow(terms: readonly AuditQueryTerm[]): boolean {
  const has = (fields: readonly AuditQueryTerm['field'][]) => terms.some((term) => !term.not && fields.includes(term.field) && !isAlmostAll(term))
  if (has(['run', 'action', 'request'])) return true
  return !terms.some(({ field }) => field === 'word' || field === 'on') && has(['who', 'did', 'result', 'risk'])
}

function isAlmostAll(term: AuditQueryTerm): boolean {
  return term.field === 'result' && term.statuses === 'not_refused'
}
