import type { AuditEntry } from '@autopack/contract/audit'
import type { AuditQueryTerm } from '@autopack/contract/audit-query'
import type { Database } from '@autopack/server-kit/open-database'
import { readAuditHead } from '../../audit/line-rows.ts'
import type { OperatorPrincipal } from '../../shared/principal.ts'
import { toAuditCondition } from './audit-condition-rows.ts'
import { listAuditRowsForward } from './audit-rows.ts'
import { isNarrow, searchWindow } from './search-audit.ts'

const pageSize = 500

/**
 * What a query finds of what this person may see, as the log stands now, oldest first, page by page: what is held in memory does not grow with
 * it, no statement reads more than the search does at a time, and a reader that stops costs nothing more.
 */
export async function* exportAuditEvents(
  db: Database,
  principal: OperatorPrincipal,
  terms: readonly AuditQueryTerm[],
  now: Date,
): AsyncGenerator<AuditEntry[]> {
  const condition = toAuditCondition(terms, now)
  const head = await readAuditHead(db)
  const window = terms.length === 0 || isNarrow(terms) ? head.seq : searchWindow
  for (let after = 0; after < head.seq;) {
    const upTo = Math.min(after + window, head.seq)
    const entries = await listAuditRowsForward(db, principal, condition, { after, upTo }, pageSize)
    if (entries.length > 0) yield entries
    after = entries.length < pageSize ? upTo : entries.at(-1)!.seq
  }
}
