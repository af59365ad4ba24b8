import { readFileSync } from 'node:fs'
import type { Database } from '@autopack/server-kit/open-database'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { sql } from 'drizzle-orm'

const schema = JSON.parse(readFileSync(new URL('../../../../docs/audit-event.schema.json', import.meta.url), 'utf8')) as object
const isAuditEvent = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false }).compile(schema)
const pageSize = 1_000

/**
 * Holds every event of this database to the published schema (docs/audit-event.schema.json), and those about one thing to their numbers. Every
 * test that opens a control plane with `openTestDeps` ends with it, so that no event of theirs lacks what its type has always. Throws with the events that do not fit.
 */
export async function checkAuditEvents(db: Database): Promise<void> {
  const faults: string[] = []
  for (let after = 0; ;) {
    const found = await db.execute(sql`SELECT seq, event FROM control_plane.audit_event WHERE seq > ${after} ORDER BY seq LIMIT ${pageSize}`)
    const rows = found.rows as { seq: number | string; event: string }[]
    for (const { seq, event } of rows) faults.push(...listFaults(event).map((fault) => `entry ${seq}: ${fault}`))
    if (rows.length < pageSize) break
    after = Number(rows.at(-1)!.seq)
  }
  const numbered = await db.execute(sql`
    SELECT seq, approval_ref_no AS no, approval_ref_id IS NOT NULL AS is_about,
      row_number() OVER (PARTITION BY approval_ref_kind, approval_ref_id ORDER BY seq) AS should_be FROM control_plane.audit_event`)
  for (const { seq, no, is_about, should_be } of numbered.rows as { seq: unknown; no: unknown; is_about: boolean; should_be: unknown }[]) {
    const wanted = is_about ? Number(should_be) : null
    if ((no === null ? null : Number(no)) !== wanted) faults.push(`entry ${String(seq)}: is number ${String(no)} about its thing, and not ${wanted}`)
  }
  if (faults.length > 0) throw new Error(`the audit log has events that its schema refuses:\n${faults.slice(0, 20).join('\n')}`)
}

function listFaults(eventText: string): string[] {
  const event = JSON.parse(eventText) as { event_type?: unknown }
  const fits: boolean = isAuditEvent(event)
  if (fits) return []
  const faults = (isAuditEvent.errors ?? []).filter(({ keyword }) => keyword !== 'if')
  return faults.map(({ instancePath, message }) => `${String(event.event_type)} ${instancePath || '/'} ${message ?? ''}`)
}
