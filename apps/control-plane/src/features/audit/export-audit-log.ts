import type { Database } from '@autopack/server-kit/open-database'
import { listAuditLines, readAuditHead } from '../../audit/line-rows.ts'

const pageSize = 500

/**
 * The whole log as it stands now, oldest first, one JSON entry a line (`{"seq","prev","hash","event"}`), page by page:
 * what is held in memory does not grow with the log, and a reader that stops costs nothing more.
 */
export async function* exportAuditLog(db: Database): AsyncGenerator<string> {
  const head = await readAuditHead(db)
  for (let after = 0; after < head.seq;) {
    const { lines, last } = await listAuditLines(db, { after, upTo: head.seq, limit: pageSize })
    yield lines.join('')
    after = last
  }
}
