import type { Guard } from './guard.ts'

const migrations = 'apps/control-plane/src/db/migrations'
const ledgerSql = `${migrations}/0002_ledger.sql`
// Replaces some of the functions of 0002: the later ones are in force.
const controlSql = `${migrations}/0005_control_and_proof.sql`
const auditSql = `${migrations}/0000_people_audit_events.sql`
/** Where the latest form of these functions stands. */
const latestSql = `${migrations}/0008_passkeys.sql`
const latestAuditSql = `${migrations}/0014_audit_queries.sql`
const constraint = (name: string) => ({
  file: 'apps/control-plane/src/features/external-actions/ledger-constraints.test.ts',
  name: `the database > ${name}`,
})
const audit = (what: string) => ({ file: 'apps/control-plane/src/audit/record-audit.test.ts', name: `the database refuses > ${what}` })

const pairs = (name: string) => ({
  file: 'apps/control-plane/src/features/external-actions/state-pairs.test.ts',
  name: `every pair of states > ${name}`,
})
const from = (state: string) => pairs(`from ${state} goes only where the ledger goes, and only with the row that says why`)

/** What the database refuses by itself, whatever the code above it does. */
export const databaseGuards: readonly Guard[] = [
  {
    name: 'sql-one-execution',
    protects: 'A revision has at most one execution (I-8).',
    file: ledgerSql,
    remove: `  expected_sha256 bytea NOT NULL CHECK (octet_length(expected_sha256) = 32),
  PRIMARY KEY (action_id, revision),
`,
    put: `  expected_sha256 bytea NOT NULL CHECK (octet_length(expected_sha256) = 32),
`,
    test: constraint('executes a revision at most once, whatever the fence (I-8)'),
  },
  {
    name: 'sql-never-from-pending',
    protects: 'Nothing executes that was not approved (I-2).',
    file: controlSql,
    remove: "('PENDING', 'PENDING'), ('PENDING', 'APPROVED'),",
    put: "('PENDING', 'PENDING'), ('PENDING', 'EXECUTING'), ('PENDING', 'APPROVED'),",
    test: constraint('moves a state only as the ledger allows, from every state to every other (I-2, I-12)'),
  },
  {
    name: 'sql-ended-is-ended',
    protects: 'No state follows the end of an action (I-12).',
    file: controlSql,
    remove: "('UNKNOWN', 'COMPLETED'), ('UNKNOWN', 'FAILED'))",
    put: "('UNKNOWN', 'COMPLETED'), ('UNKNOWN', 'FAILED'), ('FAILED', 'EXECUTING'))",
    test: constraint('moves a state only as the ledger allows, from every state to every other (I-2, I-12)'),
  },
  {
    name: 'sql-no-approval-without-authorization',
    protects: 'No action is approved or executed without an authorization of its revision (I-1).',
    file: controlSql,
    remove: "IF NEW.state IN ('APPROVED', 'EXECUTING') AND NOT EXISTS (",
    put: "IF NEW.state IN ('UNHEARD OF') AND NOT EXISTS (",
    test: constraint('lets no action be approved without an authorization, nor executed without an execution (I-1)'),
  },
  {
    name: 'sql-open-slot',
    protects: 'Nothing is authorized while a place of its quorum is open (I-1).',
    file: latestSql,
    remove: "IF NEW.kind = 'people' AND (",
    put: "IF NEW.kind = 'nobody' AND (",
    test: constraint('authorizes nothing while a slot is open, nothing of tier C by policy, and nothing for other bytes (I-1)'),
  },
  {
    name: 'sql-tier-c-by-people',
    protects: 'Tier C is authorized by people only (I-1).',
    file: latestSql,
    remove: "IF NEW.kind = 'policy' AND (",
    put: "IF NEW.kind = 'nobody' AND (",
    test: constraint('authorizes nothing while a slot is open, nothing of tier C by policy, and nothing for other bytes (I-1)'),
  },
  {
    name: 'sql-decider',
    protects: 'Only an enabled approver, with the role of this moment, has a decision recorded (I-10).',
    file: latestSql,
    remove: 'IF NOT FOUND OR NOT person.enabled OR person.role <> NEW.operator_role',
    put: 'IF NOT FOUND',
    test: constraint('records a decision only of an enabled approver, in time, about the bytes that stand, and never twice (I-6, I-10)'),
  },
  {
    name: 'sql-append-only-decisions',
    protects: 'A decision is never changed or deleted (I-21).',
    file: ledgerSql,
    remove: "ARRAY['action_revision', 'decision', ",
    put: "ARRAY['action_revision', ",
    test: constraint('changes and deletes nothing that was decided, authorized, executed or proposed'),
  },
  {
    name: 'sql-edit-starts-over',
    protects: 'An edit is the next revision and needs every decision anew (I-7).',
    file: controlSql,
    remove: "IF OLD.state = 'APPROVED' AND NEW.state = 'PENDING' AND NEW.revision = OLD.revision",
    put: "IF OLD.state = 'PENDING' AND NEW.state = 'APPROVED' AND NEW.revision <> OLD.revision",
    test: constraint('lets an edit only be the next revision, which starts over without the old decisions (I-7)'),
  },
  {
    name: 'sql-revoked-by-somebody',
    protects: 'Nothing is revoked without the row that says who did it (I-11).',
    file: controlSql,
    remove: "IF NEW.state = 'REVOKED' AND NOT EXISTS (",
    put: "IF NEW.state = 'UNHEARD OF' AND NOT EXISTS (",
    test: from('APPROVED'),
  },
  {
    name: 'sql-veto-in-hold',
    protects: 'A veto belongs to a launch hold that runs (I-2).',
    file: latestSql,
    remove: "IF NEW.kind = 'veto' AND (action.not_before IS NULL OR action.not_before <= NEW.decided_at)",
    put: "IF NEW.kind = 'nothing' AND (action.not_before IS NULL OR action.not_before <= NEW.decided_at)",
    test: pairs('takes no row of another kind for the one that is missing'),
  },
  {
    name: 'sql-looked-up',
    protects: 'An unknown outcome becomes known only with the row of a person who looked (I-12, I-16).',
    file: controlSql,
    remove: "IF OLD.state = 'UNKNOWN' AND NEW.state <> 'UNKNOWN' AND NOT EXISTS (",
    put: "IF OLD.state = 'UNHEARD OF' AND NEW.state <> 'UNKNOWN' AND NOT EXISTS (",
    test: from('UNKNOWN'),
  },
  {
    name: 'sql-only-unknown-is-looked-up',
    protects: 'Nobody says of an execution that has an outcome, or may still get one, that it had another (I-12).',
    file: controlSql,
    remove: "AND o.outcome = 'unknown' AND a.state = 'UNKNOWN' AND a.revision = e.revision)",
    put: 'AND a.revision = e.revision)',
    test: pairs('takes no row of another kind for the one that is missing'),
  },
  {
    name: 'sql-ended-stays-but-for-its-version',
    protects: 'Reading an effect back changes nothing of an action but its version (I-12).',
    file: controlSql,
    remove: 'AND NEW.version = OLD.version + 1 AND control_plane.is_same_but_version(OLD, NEW)',
    put: 'AND NEW.version = OLD.version + 1',
    test: pairs('lets a read-back move the version of an ended action on, and nothing else of it'),
  },
  {
    name: 'sql-cap',
    protects: 'Used and reserved never exceed a cap at any commit (I-15).',
    file: ledgerSql,
    remove: 'CONSTRAINT cap_day_within_cap CHECK (reserved + used <= cap)',
    put: 'CONSTRAINT cap_day_within_cap CHECK (reserved >= 0)',
    test: constraint('holds used and reserved under the cap (I-15)'),
  },
  {
    name: 'sql-append-only-audit',
    protects: 'An audit event is never deleted (I-20, I-21).',
    file: auditSql,
    remove: 'CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON',
    put: 'CREATE TRIGGER audit_event_append_only BEFORE UPDATE ON',
    test: audit('deleting an event'),
  },
  {
    name: 'sql-audit-without-gaps',
    protects: 'An audit event follows the one before it, without gap or fork (I-20).',
    file: latestAuditSql,
    remove: 'WHERE id = 1 AND seq = NEW.seq - 1 AND hash = NEW.prev;',
    put: 'WHERE id = 1 AND hash = NEW.prev;',
    test: audit('an event that does not follow the head'),
  },
  {
    name: 'sql-audit-hash',
    protects: 'The hash of an audit event is that of its text (I-20).',
    file: auditSql,
    remove: "CHECK (hash = sha256('\\x01'::bytea || int8send(seq) || prev || convert_to(event, 'UTF8')))",
    put: 'CHECK (octet_length(hash) = 32)',
    test: audit('an event whose hash is not that of its text'),
  },
  {
    name: 'sql-canonical-payload',
    protects: 'No revision holds bytes that are not a payload in canonical form (I-4).',
    file: `${migrations}/0006_payload_profile.sql`,
    remove: 'CHECK (control_plane.payload_refusal(payload) IS NULL)',
    put: 'CHECK (octet_length(payload) > 0)',
    test: {
      file: 'apps/control-plane/src/db/payload-refusal.test.ts',
      name: 'no revision holds bytes that are not a payload in canonical form, whoever writes it (I-4)',
    },
  },
  {
    name: 'sql-utf16-key-order',
    protects: 'Keys are sorted by UTF-16 code units in the database too (I-4).',
    file: `${migrations}/0006_payload_profile.sql`,
    remove: 'control_plane.to_utf16_order(key) AS ordered',
    put: 'key AS ordered',
    test: {
      file: 'apps/control-plane/src/db/payload-refusal.test.ts',
      name: 'the database judges as the vectors say (I-4): an astral key before U+E000, as UTF-16 sorts',
    },
  },
]
