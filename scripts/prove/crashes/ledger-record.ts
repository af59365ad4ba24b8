/** Runs one statement and answers with its rows. */
export type RunSql = (statement: string) => Promise<Record<string, unknown>[]>

export type RecordedAction = {
  action_id: string
  state: string
  revision: number
  version: number
  fence: number
  /** By the database's clock; false without a lease. */
  lease_over: boolean
  payload_hashes: string[]
}
export type RecordedExecution = {
  action_id: string
  execution_id: string
  revision: number
  fence: number
  claimed_at: string
  expected_sha256: string
  mode: string
  authorized: boolean
  outcome: string | null
  sent: string | null
  /** What a person found out about an unknown outcome. */
  resolution: string | null
  observations: number
  provider: string
}
export type RecordedBrake = {
  brake_id: string
  scope_kind: string
  scope_id: string
  engaged_at: string
  released_at: string | null
  audited: boolean
}
export type RecordedReservation = { execution_id: string; day: string; scope: string; currency: string; amount: number }
export type RecordedCap = { day: string; scope: string; currency: string; cap: number; reserved: number; used: number }
export type RecordedAudit = {
  seq: number
  prev: string
  hash: string
  event: string
  event_type: string
  result_status: string
  action_id: string | null
}

/** Everything the ledger holds after a crash and its recovery, read at one moment. */
export type LedgerRecord = {
  actions: RecordedAction[]
  approvals: { action_id: string; revision: number }[]
  brakes: RecordedBrake[]
  executions: RecordedExecution[]
  reservations: RecordedReservation[]
  caps: RecordedCap[]
  audit: RecordedAudit[]
  auditHead: { seq: number; hash: string }
  /** Live events about actions: the version that each tells of. */
  events: { action_id: string; version: number }[]
  eventHead: { last_id: number; newest_id: number }
}

const statements = {
  actions: `SELECT a.action_id, a.state, a.revision, a.version, a.fence, coalesce(a.lease_until <= clock_timestamp(), false) AS lease_over,
      array_agg(encode(r.payload_sha256, 'hex') ORDER BY r.revision) AS payload_hashes
    FROM control_plane.external_action a JOIN control_plane.action_revision r USING (action_id) GROUP BY a.action_id ORDER BY a.requested_at`,
  approvals: `SELECT action_id, revision FROM control_plane.decision WHERE kind = 'approve'`,
  brakes: `SELECT brake_id, scope_kind, scope_id, to_char(engaged_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS engaged_at,
      to_char(released_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS released_at, audited FROM control_plane.brake`,
  executions: `SELECT e.action_id, e.execution_id, e.revision, e.fence, to_char(e.claimed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS claimed_at, encode(e.expected_sha256, 'hex') AS expected_sha256,
      r.mode, z.action_id IS NOT NULL AS authorized, o.outcome, o.sent, p.outcome AS resolution, r.provider,
      (SELECT count(*)::int FROM control_plane.execution_observation b WHERE b.execution_id = e.execution_id) AS observations
    FROM control_plane.execution e JOIN control_plane.action_revision r ON (r.action_id, r.revision) = (e.action_id, e.revision)
    LEFT JOIN control_plane.action_authorization z
      ON (z.action_id, z.revision, z.payload_sha256) = (e.action_id, e.revision, e.payload_sha256)
    LEFT JOIN control_plane.execution_outcome o ON o.execution_id = e.execution_id
    LEFT JOIN control_plane.execution_resolution p ON p.execution_id = e.execution_id`,
  reservations: `SELECT execution_id, day::text AS day, scope, currency, amount::int AS amount FROM control_plane.execution_reservation`,
  caps: `SELECT day::text AS day, scope, currency, cap::int AS cap, reserved::int AS reserved, used::int AS used FROM control_plane.cap_day`,
  audit: `SELECT seq::int AS seq, encode(prev, 'hex') AS prev, encode(hash, 'hex') AS hash, event, event_type, result_status, approval_ref_id AS action_id
    FROM control_plane.audit_event ORDER BY seq`,
  auditHead: `SELECT seq::int AS seq, encode(hash, 'hex') AS hash FROM control_plane.audit_head`,
  events: `SELECT resource_id AS action_id, version FROM control_plane.event WHERE type = 'external_action.changed' ORDER BY id`,
  eventHead: `SELECT last_id::int AS last_id, (SELECT coalesce(max(id), 0)::int FROM control_plane.event) AS newest_id FROM control_plane.event_head`,
}

/** Reads the ledger as its owner, past every screen of the product. Nothing may be written meanwhile. */
export async function readLedger(run: RunSql): Promise<LedgerRecord> {
  const read = async <Row>(statement: string) => (await run(statement)) as Row[]
  return {
    actions: await read(statements.actions),
    approvals: await read(statements.approvals),
    brakes: await read(statements.brakes),
    executions: await read(statements.executions),
    reservations: await read(statements.reservations),
    caps: await read(statements.caps),
    audit: await read(statements.audit),
    auditHead: (await read<LedgerRecord['auditHead']>(statements.auditHead))[0]!,
    events: await read(statements.events),
    eventHead: (await read<LedgerRecord['eventHead']>(statements.eventHead))[0]!,
  }
}
