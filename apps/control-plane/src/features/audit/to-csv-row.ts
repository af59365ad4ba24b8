import { toVisibleText } from '@autopack/approval-proof/visible-text'
import type { AuditEntry } from '@autopack/contract/audit'

type Cell = string | number | null | undefined

const columns: Readonly<Record<string, (entry: AuditEntry) => Cell>> = {
  seq: ({ seq }) => seq,
  at: ({ event }) => event.at,
  event_type: ({ event }) => event.event_type,
  who: ({ event }) => event.auth_principal_name,
  auth_principal_type: ({ event }) => event.auth_principal_type,
  auth_principal_id: ({ event }) => event.auth_principal_id,
  principal_chain: ({ event }) => event.principal_chain.join(' > '),
  result_status: ({ event }) => event.result_status,
  error_code: ({ event }) => event.error_code,
  error_summary: ({ event }) => event.error_summary,
  reason: ({ event }) => event.reason,
  payload_summary: ({ event }) => event.payload_summary,
  external_target: ({ event }) => event.external_target,
  external_object_id: ({ event }) => event.external_object_id,
  action_type: ({ event }) => event.action_type,
  provider: ({ event }) => event.provider,
  operation: ({ event }) => event.operation,
  approval_ref: ({ event }) => event.approval_ref?.id,
  revision: ({ event }) => event.revision,
  run_id: ({ event }) => event.run_id,
  phase_id: ({ event }) => event.phase_id,
  requested_by: ({ event }) => event.requested_by,
  approved_by: ({ event }) => event.approved_by.join(' '),
  requested_at: ({ event }) => event.requested_at,
  approved_at: ({ event }) => event.approved_at,
  executed_at: ({ event }) => event.executed_at,
  completed_at: ({ event }) => event.completed_at,
  risk_score: ({ event }) => event.risk_score,
  risk_level: ({ event }) => event.risk_level,
  strength: ({ event }) => event.proof?.strength,
  sole_operator: ({ event }) => (event.proof?.sole_operator === true ? 'yes' : null),
  payload_hash: ({ event }) => event.payload_hash,
  record_sha256: ({ event }) => event.record_sha256,
  descriptor_version: ({ event }) => event.descriptor_version,
  kill_switch_snapshot: ({ event }) => toJson(event.kill_switch_snapshot),
  spend_snapshot: ({ event }) => toJson(event.spend_snapshot),
  idempotency_key: ({ event }) => event.idempotency_key,
  request_id: ({ event }) => event.request_id,
  prev: ({ prev }) => prev,
  hash: ({ hash }) => hash,
}

const toJson = (value: object | null): string | null => (value === null ? null : JSON.stringify(value))

/** RFC 4180: the names of the columns, and every row after it, end with CR LF. */
export const csvHeader = `${Object.keys(columns).join(',')}\r\n`

export function toCsvRow(entry: AuditEntry): string {
  return `${Object.values(columns)
    .map((read) => toCell(read(entry)))
    .join(',')}\r\n`
}

/** What makes a spreadsheet run a cell, in its half-width and its full-width form, also behind white space. */
const runs = /^\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/

/**
 * One cell, quoted. What hides or moves is written out, and what a spreadsheet would run gets a `'` before it: people who look at a log that
 * strangers write into open it with a program that runs what it reads.
 */
export function toCell(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const { text } = toVisibleText(value.toWellFormed(), true)
  const harmless = runs.test(text) || /^[\t\n]/.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}
