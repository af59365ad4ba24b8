/** Of one table: everything that is not named here is not granted. */
export type TableRights = {
  /** Rows may be added: with every column, or with these alone, and the database says the rest. */
  insert: boolean | readonly string[]
  /** The columns that a statement may set. Who locks a row needs one, too: `FOR UPDATE` and its like ask for it. */
  update: readonly string[]
  delete: boolean
}

const readOnly: TableRights = { insert: false, update: [], delete: false }
/** What was written stays as it was written: evidence (safety.md, I-21). */
const appendOnly: TableRights = { insert: true, update: [], delete: false }
const appendOnlyWith = (...insert: readonly string[]): TableRights => ({ insert, update: [], delete: false })
const changed = (...update: readonly string[]): TableRights => ({ insert: true, update, delete: false })

/**
 * What the application may do beside reading, table by table: the one place that says so. Migrations grant nothing; `migrate.ts` gives these
 * rights after them, and a server in production does not start with others.
 */
export const applicationRights: Readonly<Record<string, TableRights>> = {
  // Evidence.
  action_authorization: appendOnly,
  action_revision: appendOnly,
  // Its number, when it came and how the log stood to it are the database's to say: else a row of the application's could stop nothing ever again.
  audit_checkpoint: appendOnlyWith('size', 'head', 'root', 'signed_at', 'key_id', 'note'),
  audit_event: appendOnlyWith('seq', 'prev', 'hash', 'event', 'executor_id', 'owner_operator_id'),
  audit_restore: appendOnlyWith('event_seq'),
  // A trigger of audit_event makes them, with the rights of the owner.
  audit_subtree: readOnly,
  checkpoint_key: appendOnlyWith('key_id', 'verifier_key'),
  checkpoint_rotation: appendOnlyWith('size', 'old_key_id', 'new_key_id', 'note'),
  decision: appendOnly,
  descriptor_text: appendOnly,
  execution: appendOnly,
  execution_observation: appendOnly,
  execution_outcome: appendOnly,
  execution_reservation: appendOnly,
  execution_resolution: appendOnly,
  request_decision: appendOnly,
  signed_act: appendOnly,
  // The end of the chain: `id` for the lock that an append takes. A trigger moves the rest, with the rights of the owner.
  audit_head: { insert: false, update: ['id'], delete: false },

  // The ledger.
  approval_slot: changed('decision_id'),
  brake: changed('audited', 'released_at', 'released_by', 'released_reason'),
  cap_day: changed('cap', 'reserved', 'used'),
  // A missing row stops everything, so nobody can make one.
  control: { insert: false, update: ['dry_run', 'external_actions_enabled', 'kill_switches', 'version'], delete: false },
  external_action: changed('fence', 'lease_until', 'not_before', 'revision', 'state', 'state_since', 'version'),
  request: changed('state', 'state_since', 'version'),
  working_cap: changed('cap', 'set_at', 'set_by'),

  // People and keys. The public key of a passkey, the name of a person and the hash of a key are nobody's to change.
  challenge: { insert: true, update: ['used_at'], delete: true },
  executor: changed('owner_operator_id', 'shared_with_everyone', 'version'),
  executor_key: changed('expires_at', 'last_used_at', 'replaced_by', 'revoked_at'),
  executor_share: { insert: true, update: [], delete: true },
  operator: changed('enabled', 'joined_at', 'may_enrol_until', 'passkeys_reset_at', 'passkeys_reset_by', 'passkeys_reset_reason', 'role', 'version'),
  operator_invite: changed('accepted_at', 'ended_at', 'ended_reason'),
  operator_seen: changed('seen_at'),
  saved_audit_query: { insert: true, update: ['query', 'saved_at'], delete: true },
  passkey: changed('backed_up', 'counter', 'last_used_at', 'name', 'removed_at', 'removed_by'),
  set_up: { insert: true, update: ['expires_at', 'operator_id', 'sha256'], delete: true },

  // Runs.
  artifact: changed('newest'),
  run: changed(
    'actions_waiting',
    'artifacts_count',
    'artifacts_size_bytes',
    'bytes_read',
    'bytes_written',
    'completed_at',
    'cpu_ms',
    'current_phase_name',
    'failure_reason',
    'heard_at',
    'heartbeat_at',
    'heartbeat_event_at',
    'heartbeat_note',
    'heartbeat_unannounced',
    'phase_states',
    'phases_completed',
    'phases_failed',
    'phases_queued',
    'phases_skipped',
    'phases_total',
    'started_at',
    'state',
    'tokens_used',
    'version',
  ),
  run_phase: changed('attempts', 'completed_at', 'cpu_ms', 'failure_reason', 'progress_done', 'progress_of', 'started_at', 'state', 'tokens_used'),
  run_tier: appendOnly,
  run_usage: appendOnly,

  // What serves for a while, and is swept.
  checkpoint_problem: changed('problem', 'reported_at'),
  event: { insert: true, update: [], delete: true },
  event_head: { insert: false, update: ['last_id'], delete: false },
  idempotency: { insert: true, update: [], delete: true },
  used_assertion: { insert: true, update: [], delete: true },

  // Which migrations ran.
  migration: readOnly,
}

/** Sequences that a statement of ours names; those of identity columns need no right. */
export const applicationSequences: readonly string[] = ['approval_number']

/** The tables that a receipt or the audit log is made of, and the end of its chain. */
export const evidenceTables: readonly string[] = [
  'action_authorization',
  'action_revision',
  'audit_checkpoint',
  'audit_event',
  'audit_head',
  'audit_restore',
  'audit_subtree',
  'checkpoint_key',
  'checkpoint_rotation',
  'decision',
  'descriptor_text',
  'execution',
  'execution_observation',
  'execution_outcome',
  'execution_reservation',
  'execution_resolution',
  'request_decision',
  'signed_act',
]

/** What a receipt names beside them: it changes in use, in the columns that are said above and in no others. */
export const provedTables: readonly string[] = ['approval_slot', 'executor', 'passkey', 'run']
