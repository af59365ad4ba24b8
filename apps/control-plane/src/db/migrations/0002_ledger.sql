-- The ledger: control row, caps, external actions, revisions, decisions, authorizations, executions.
-- What one constraint or trigger can refuse, it refuses here, so that a mistake in the code above cannot keep a promise broken.
-- Refusals: 23514 for what may not happen, 42501 for what may not change any more.

-- convert_from() is only STABLE; a generated column needs IMMUTABLE, which holds for UTF-8 on a UTF-8 server.
CREATE FUNCTION control_plane.payload_json(payload bytea) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
BEGIN RETURN convert_from(payload, 'UTF8')::jsonb; END $$;
--> statement-breakpoint
CREATE FUNCTION control_plane.refuse_ledger_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'append-only: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = '42501'; END $$;
--> statement-breakpoint

-- One row. Missing: everything is stopped. The environment is the ceiling, so this row alone switches nothing on.
-- brake_engaged is read by approve and claim; no route engages the brake yet.
CREATE TABLE control_plane.control (
  id integer PRIMARY KEY CHECK (id = 1),
  external_actions_enabled boolean NOT NULL,
  dry_run boolean NOT NULL,
  kill_switches jsonb NOT NULL CHECK (jsonb_typeof(kill_switches) = 'object'),
  brake_engaged boolean NOT NULL,
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1)
);
--> statement-breakpoint
INSERT INTO control_plane.control (id, external_actions_enabled, dry_run, kill_switches, brake_engaged) VALUES (1, true, false,
  '{"ETSY_PUBLISH": true, "SHOPIFY_PUBLISH": true, "YOUTUBE_PUBLISH": true, "TRADING_ORDERS": true, "DEMO_SHOP_PUBLISH": true}', false);
--> statement-breakpoint

-- scope '': the whole deployment, otherwise one kind of action (provider.operation). currency '': the count of actions.
CREATE TABLE control_plane.cap_day (
  day date NOT NULL,
  scope text NOT NULL,
  currency text NOT NULL CHECK (currency = '' OR currency ~ '^[A-Z]{3}$'),
  cap bigint NOT NULL CHECK (cap >= 0),
  reserved bigint NOT NULL DEFAULT 0 CHECK (reserved >= 0),
  used bigint NOT NULL DEFAULT 0 CHECK (used >= 0),
  PRIMARY KEY (day, scope, currency),
  CONSTRAINT cap_day_within_cap CHECK (reserved + used <= cap)
);
--> statement-breakpoint

CREATE TABLE control_plane.external_action (
  action_id text PRIMARY KEY CHECK (action_id ~ '^act_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  executor_id text NOT NULL REFERENCES control_plane.executor (executor_id),
  run_id text COLLATE "C" REFERENCES control_plane.run (run_id),
  phase_id text,
  state text NOT NULL DEFAULT 'PENDING' CHECK (state IN
    ('PENDING', 'APPROVED', 'EXECUTING', 'COMPLETED', 'FAILED', 'UNKNOWN', 'SIMULATED', 'REJECTED', 'REVOKED', 'EXPIRED', 'CANCELLED')),
  revision integer NOT NULL DEFAULT 1 CHECK (revision >= 1),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  fence integer NOT NULL DEFAULT 0 CHECK (fence >= 0),
  lease_until timestamptz(3),
  -- The end of the launch hold; null without one.
  not_before timestamptz(3),
  requested_at timestamptz(3) NOT NULL,
  requested_key_id text NOT NULL REFERENCES control_plane.executor_key (key_id),
  state_since timestamptz(3) NOT NULL,
  idempotency_key text NOT NULL,
  -- Of the whole request body, so that one key cannot stand for two proposals.
  proposal_sha256 bytea NOT NULL CHECK (octet_length(proposal_sha256) = 32),
  UNIQUE (executor_id, idempotency_key),
  -- Kept after the end, as the last lease there was.
  CONSTRAINT lease_while_executing CHECK (state <> 'EXECUTING' OR lease_until IS NOT NULL)
);
--> statement-breakpoint
CREATE INDEX external_action_newest ON control_plane.external_action (requested_at, action_id);
--> statement-breakpoint
CREATE INDEX external_action_latest_state ON control_plane.external_action (state_since, action_id);
--> statement-breakpoint
CREATE INDEX external_action_by_run ON control_plane.external_action (run_id, requested_at);
--> statement-breakpoint
CREATE INDEX external_action_by_executor ON control_plane.external_action (executor_id, state);
--> statement-breakpoint
CREATE INDEX external_action_open ON control_plane.external_action (state, action_id) WHERE state IN ('PENDING', 'APPROVED', 'EXECUTING');
--> statement-breakpoint

CREATE TABLE control_plane.action_revision (
  action_id text NOT NULL REFERENCES control_plane.external_action (action_id),
  revision integer NOT NULL CHECK (revision >= 1),
  payload bytea NOT NULL CHECK (octet_length(payload) BETWEEN 2 AND 262144),
  -- Everything that decides the effect is read from the hashed bytes, never a column of its own.
  payload_sha256 bytea GENERATED ALWAYS AS (sha256(payload)) STORED NOT NULL,
  provider text GENERATED ALWAYS AS (control_plane.payload_json(payload) ->> 'provider') STORED NOT NULL,
  operation text GENERATED ALWAYS AS (control_plane.payload_json(payload) ->> 'operation') STORED NOT NULL,
  mode text GENERATED ALWAYS AS (control_plane.payload_json(payload) ->> 'mode') STORED NOT NULL CHECK (mode IN ('live', 'dry_run')),
  target jsonb GENERATED ALWAYS AS (control_plane.payload_json(payload) -> 'target') STORED NOT NULL,
  cost_amount_minor bigint GENERATED ALWAYS AS ((control_plane.payload_json(payload) -> 'cost' ->> 'amount_minor')::bigint) STORED
    CHECK (cost_amount_minor >= 0),
  cost_currency text GENERATED ALWAYS AS (control_plane.payload_json(payload) -> 'cost' ->> 'currency') STORED
    CHECK (cost_currency ~ '^[A-Z]{3}$'),
  -- Computed by policy from the bytes and the descriptor named here; compared again in the claim.
  tier text NOT NULL CHECK (tier IN ('A', 'B', 'C')),
  kill_switch text,
  descriptor_id text,
  descriptor_version integer CHECK (descriptor_version >= 1),
  descriptor_sha256 bytea CHECK (octet_length(descriptor_sha256) = 32),
  risk_score integer NOT NULL CHECK (risk_score BETWEEN 0 AND 100),
  risk_level text NOT NULL CHECK (risk_level IN ('low', 'medium', 'high', 'critical')),
  risk_contributions jsonb NOT NULL,
  coverage_explained integer NOT NULL CHECK (coverage_explained >= 0),
  coverage_present integer NOT NULL CHECK (coverage_present >= coverage_explained),
  blind boolean NOT NULL,
  title text NOT NULL,
  sentence text NOT NULL,
  target_text text NOT NULL,
  findings jsonb NOT NULL,
  decide_by timestamptz(3) NOT NULL,
  execute_within_seconds integer NOT NULL CHECK (execute_within_seconds BETWEEN 60 AND 86400),
  hold_seconds integer NOT NULL CHECK (hold_seconds BETWEEN 0 AND 86400),
  created_at timestamptz(3) NOT NULL,
  PRIMARY KEY (action_id, revision),
  UNIQUE (action_id, revision, payload_sha256),
  CHECK ((cost_amount_minor IS NULL) = (cost_currency IS NULL)),
  CONSTRAINT descriptor_whole_or_absent CHECK (num_nulls(descriptor_id, descriptor_version, descriptor_sha256, kill_switch) IN (0, 4)),
  CONSTRAINT undescribed_is_blind_tier_c CHECK (descriptor_id IS NOT NULL OR (blind AND tier = 'C'))
);
--> statement-breakpoint
CREATE INDEX action_revision_deadline ON control_plane.action_revision (decide_by, action_id);
--> statement-breakpoint
-- Deferred: an action and its first revision come into being together.
ALTER TABLE control_plane.external_action ADD CONSTRAINT external_action_has_its_revision
  FOREIGN KEY (action_id, revision) REFERENCES control_plane.action_revision (action_id, revision) DEFERRABLE INITIALLY DEFERRED;
--> statement-breakpoint

CREATE TABLE control_plane.decision (
  decision_id text PRIMARY KEY CHECK (decision_id ~ '^dec_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  action_id text NOT NULL,
  revision integer NOT NULL,
  payload_sha256 bytea NOT NULL,
  kind text NOT NULL CHECK (kind IN ('approve', 'reject')),
  reject_kind text CHECK (reject_kind IN ('never', 'not_now', 'change_this')),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  operator_id text NOT NULL REFERENCES control_plane.operator (operator_id),
  -- As they stood at that moment.
  operator_role text NOT NULL,
  sid_hash text NOT NULL,
  amr text[] NOT NULL,
  request_id text NOT NULL,
  descriptor_sha256 bytea,
  display_sha256 bytea CHECK (octet_length(display_sha256) = 32),
  decided_at timestamptz(3) NOT NULL,
  UNIQUE (action_id, revision, operator_id),
  UNIQUE (decision_id, action_id, revision, kind),
  FOREIGN KEY (action_id, revision, payload_sha256) REFERENCES control_plane.action_revision (action_id, revision, payload_sha256),
  CHECK ((kind = 'reject') = (reject_kind IS NOT NULL)),
  CHECK ((kind = 'approve') = (display_sha256 IS NOT NULL))
);
--> statement-breakpoint

CREATE TABLE control_plane.approval_slot (
  action_id text NOT NULL,
  revision integer NOT NULL,
  group_no integer NOT NULL CHECK (group_no >= 0),
  slot integer NOT NULL CHECK (slot >= 0),
  role text NOT NULL CHECK (role IN ('approver', 'admin')),
  decision_id text UNIQUE,
  kind text NOT NULL DEFAULT 'approve' CHECK (kind = 'approve'),
  PRIMARY KEY (action_id, revision, group_no, slot),
  FOREIGN KEY (action_id, revision) REFERENCES control_plane.action_revision (action_id, revision),
  FOREIGN KEY (decision_id, action_id, revision, kind) REFERENCES control_plane.decision (decision_id, action_id, revision, kind)
);
--> statement-breakpoint

CREATE TABLE control_plane.action_authorization (
  action_id text NOT NULL,
  revision integer NOT NULL,
  payload_sha256 bytea NOT NULL,
  kind text NOT NULL CHECK (kind IN ('people', 'policy')),
  authorized_at timestamptz(3) NOT NULL,
  execute_by timestamptz(3) NOT NULL,
  PRIMARY KEY (action_id, revision),
  UNIQUE (action_id, revision, payload_sha256),
  FOREIGN KEY (action_id, revision, payload_sha256) REFERENCES control_plane.action_revision (action_id, revision, payload_sha256),
  CHECK (execute_by > authorized_at AND execute_by <= authorized_at + interval '24 hours')
);
--> statement-breakpoint

-- The primary key is the promise: a revision is executed at most once.
CREATE TABLE control_plane.execution (
  action_id text NOT NULL,
  revision integer NOT NULL,
  payload_sha256 bytea NOT NULL,
  execution_id text NOT NULL UNIQUE CHECK (execution_id ~ '^exe_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  fence integer NOT NULL CHECK (fence >= 1),
  executor_id text NOT NULL REFERENCES control_plane.executor (executor_id),
  key_id text NOT NULL REFERENCES control_plane.executor_key (key_id),
  idempotency_key text NOT NULL,
  claimed_at timestamptz(3) NOT NULL,
  -- Of the bytes that the approved payload encodes to.
  expected_sha256 bytea NOT NULL CHECK (octet_length(expected_sha256) = 32),
  PRIMARY KEY (action_id, revision),
  UNIQUE (executor_id, idempotency_key),
  FOREIGN KEY (action_id, revision, payload_sha256) REFERENCES control_plane.action_authorization (action_id, revision, payload_sha256)
);
--> statement-breakpoint

-- What an execution holds of the caps of its day, so that it is settled on that day whenever it ends.
CREATE TABLE control_plane.execution_reservation (
  execution_id text NOT NULL REFERENCES control_plane.execution (execution_id),
  day date NOT NULL,
  scope text NOT NULL,
  currency text NOT NULL,
  amount bigint NOT NULL CHECK (amount > 0),
  PRIMARY KEY (execution_id, scope, currency),
  FOREIGN KEY (day, scope, currency) REFERENCES control_plane.cap_day (day, scope, currency)
);
--> statement-breakpoint

CREATE TABLE control_plane.execution_outcome (
  execution_id text PRIMARY KEY REFERENCES control_plane.execution (execution_id),
  outcome text NOT NULL CHECK (outcome IN ('completed', 'failed', 'unknown', 'simulated')),
  sent text NOT NULL CHECK (sent IN ('no', 'yes', 'unknown')),
  sent_sha256 bytea CHECK (octet_length(sent_sha256) = 32),
  external_object_id text,
  external_url text,
  error_code text,
  error_summary text,
  finished_at timestamptz(3) NOT NULL,
  -- The executor key, or the name of the system's sweeper.
  recorded_by text NOT NULL,
  CHECK (outcome <> 'simulated' OR sent = 'no'),
  CHECK (outcome <> 'completed' OR sent = 'yes'),
  CHECK (outcome <> 'failed' OR sent <> 'unknown')
);
--> statement-breakpoint

CREATE FUNCTION control_plane.guard_external_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'PENDING' OR NEW.revision <> 1 OR NEW.fence <> 0 OR NEW.not_before IS NOT NULL THEN
      RAISE EXCEPTION 'an action begins PENDING with revision 1 and fence 0' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF (OLD.state, NEW.state) NOT IN (
    ('PENDING', 'PENDING'), ('PENDING', 'APPROVED'), ('PENDING', 'REJECTED'), ('PENDING', 'EXPIRED'), ('PENDING', 'CANCELLED'),
    ('APPROVED', 'APPROVED'), ('APPROVED', 'EXECUTING'), ('APPROVED', 'REVOKED'), ('APPROVED', 'EXPIRED'), ('APPROVED', 'CANCELLED'),
    ('APPROVED', 'PENDING'), ('EXECUTING', 'EXECUTING'), ('EXECUTING', 'COMPLETED'), ('EXECUTING', 'FAILED'), ('EXECUTING', 'UNKNOWN'),
    ('EXECUTING', 'SIMULATED'), ('UNKNOWN', 'COMPLETED'), ('UNKNOWN', 'FAILED'))
  THEN RAISE EXCEPTION 'illegal transition % -> %', OLD.state, NEW.state USING ERRCODE = '23514'; END IF;
  IF (NEW.action_id, NEW.executor_id, NEW.requested_at, NEW.requested_key_id, NEW.idempotency_key, NEW.proposal_sha256)
     IS DISTINCT FROM (OLD.action_id, OLD.executor_id, OLD.requested_at, OLD.requested_key_id, OLD.idempotency_key, OLD.proposal_sha256)
     OR NEW.run_id IS DISTINCT FROM OLD.run_id OR NEW.phase_id IS DISTINCT FROM OLD.phase_id
  THEN RAISE EXCEPTION 'an immutable field of an action changed' USING ERRCODE = '23514'; END IF;
  IF NEW.revision <> OLD.revision AND (NEW.revision <> OLD.revision + 1 OR NEW.state <> 'PENDING' OR NEW.not_before IS NOT NULL)
  THEN RAISE EXCEPTION 'an edit is the next revision and starts over' USING ERRCODE = '23514'; END IF;
  IF OLD.state = 'APPROVED' AND NEW.state = 'PENDING' AND NEW.revision = OLD.revision
  THEN RAISE EXCEPTION 'an approved revision does not become pending again' USING ERRCODE = '23514'; END IF;
  IF NEW.fence <> OLD.fence + (CASE WHEN NEW.state = 'EXECUTING' AND OLD.state <> 'EXECUTING' THEN 1 ELSE 0 END)
  THEN RAISE EXCEPTION 'the fence moves by one with each claim and never otherwise' USING ERRCODE = '23514'; END IF;
  IF NEW.version < OLD.version OR (NEW.version = OLD.version AND (NEW.state, NEW.revision) IS DISTINCT FROM (OLD.state, OLD.revision))
  THEN RAISE EXCEPTION 'a change moves the version on' USING ERRCODE = '23514'; END IF;
  IF NEW.state IN ('APPROVED', 'EXECUTING') AND NOT EXISTS (
    SELECT FROM control_plane.action_authorization a WHERE a.action_id = NEW.action_id AND a.revision = NEW.revision)
  THEN RAISE EXCEPTION 'this revision has no authorization' USING ERRCODE = '23514'; END IF;
  IF NEW.state = 'REJECTED' AND NOT EXISTS (
    SELECT FROM control_plane.decision d WHERE d.action_id = NEW.action_id AND d.revision = NEW.revision AND d.kind = 'reject')
  THEN RAISE EXCEPTION 'nobody rejected this revision' USING ERRCODE = '23514'; END IF;
  IF OLD.state = 'EXECUTING' AND NEW.state <> 'EXECUTING' AND NOT EXISTS (
    SELECT FROM control_plane.execution e JOIN control_plane.execution_outcome o USING (execution_id)
    WHERE e.action_id = NEW.action_id AND e.revision = NEW.revision AND e.fence = NEW.fence AND upper(o.outcome) = NEW.state)
  THEN RAISE EXCEPTION 'this execution has no such outcome' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON control_plane.external_action FOR EACH ROW EXECUTE FUNCTION control_plane.guard_external_action();
--> statement-breakpoint
CREATE FUNCTION control_plane.guard_claim() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'EXECUTING' AND NOT EXISTS (
    SELECT FROM control_plane.execution e WHERE e.action_id = NEW.action_id AND e.revision = NEW.revision AND e.fence = NEW.fence)
  THEN RAISE EXCEPTION 'an action executes only with an execution of this revision and fence' USING ERRCODE = '23514'; END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER claim_has_its_execution AFTER UPDATE ON control_plane.external_action
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION control_plane.guard_claim();
--> statement-breakpoint

CREATE FUNCTION control_plane.guard_action_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.revision <> 1 + (SELECT count(*) FROM control_plane.action_revision r WHERE r.action_id = NEW.action_id)
  THEN RAISE EXCEPTION 'revisions follow one another' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON control_plane.action_revision FOR EACH ROW EXECUTE FUNCTION control_plane.guard_action_revision();
--> statement-breakpoint

CREATE FUNCTION control_plane.guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  action control_plane.external_action;
  person control_plane.operator;
BEGIN
  SELECT * INTO action FROM control_plane.external_action a WHERE a.action_id = NEW.action_id FOR UPDATE;
  IF action.state IS DISTINCT FROM 'PENDING' OR action.revision <> NEW.revision
  THEN RAISE EXCEPTION 'only the revision that is pending can be decided' USING ERRCODE = '23514'; END IF;
  IF NEW.decided_at >= (SELECT r.decide_by FROM control_plane.action_revision r WHERE r.action_id = NEW.action_id AND r.revision = NEW.revision)
  THEN RAISE EXCEPTION 'the time to decide is over' USING ERRCODE = '23514'; END IF;
  SELECT * INTO person FROM control_plane.operator o WHERE o.operator_id = NEW.operator_id FOR SHARE;
  IF NOT FOUND OR NOT person.enabled OR person.role NOT IN ('approver', 'admin') OR person.role <> NEW.operator_role
  THEN RAISE EXCEPTION 'an enabled approver decides' USING ERRCODE = '23514'; END IF;
  IF NEW.kind = 'approve' AND EXISTS (
    SELECT FROM control_plane.run r WHERE r.run_id = action.run_id AND r.started_by IN (person.operator_id, person.name))
  THEN RAISE EXCEPTION 'nobody approves their own request' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON control_plane.decision FOR EACH ROW EXECUTE FUNCTION control_plane.guard_decision();
--> statement-breakpoint

CREATE FUNCTION control_plane.guard_approval_slot() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.decision_id IS NOT NULL
    THEN RAISE EXCEPTION 'a slot begins open' USING ERRCODE = '23514'; END IF;
    IF EXISTS (SELECT FROM control_plane.action_authorization a WHERE a.action_id = NEW.action_id AND a.revision = NEW.revision)
    THEN RAISE EXCEPTION 'this revision is authorized already' USING ERRCODE = '23514'; END IF;
    RETURN NEW;
  END IF;
  IF OLD.decision_id IS NOT NULL OR NEW.decision_id IS NULL
     OR (NEW.action_id, NEW.revision, NEW.group_no, NEW.slot, NEW.role) IS DISTINCT FROM (OLD.action_id, OLD.revision, OLD.group_no, OLD.slot, OLD.role)
  THEN RAISE EXCEPTION 'a slot is filled once and never changed' USING ERRCODE = '42501'; END IF;
  IF NEW.role = 'admin' AND NOT EXISTS (
    SELECT FROM control_plane.decision d WHERE d.decision_id = NEW.decision_id AND d.operator_role = 'admin')
  THEN RAISE EXCEPTION 'this slot needs an admin' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON control_plane.approval_slot FOR EACH ROW EXECUTE FUNCTION control_plane.guard_approval_slot();
--> statement-breakpoint

CREATE FUNCTION control_plane.guard_action_authorization() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'policy' AND (
    SELECT r.tier FROM control_plane.action_revision r WHERE r.action_id = NEW.action_id AND r.revision = NEW.revision) = 'C'
  THEN RAISE EXCEPTION 'tier C is authorized by people only' USING ERRCODE = '23514'; END IF;
  IF NEW.kind = 'people' AND (
    NOT EXISTS (SELECT FROM control_plane.approval_slot s WHERE s.action_id = NEW.action_id AND s.revision = NEW.revision)
    OR EXISTS (SELECT FROM control_plane.approval_slot s WHERE s.action_id = NEW.action_id AND s.revision = NEW.revision AND s.decision_id IS NULL))
  THEN RAISE EXCEPTION 'an approval slot of this revision is open' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON control_plane.action_authorization FOR EACH ROW EXECUTE FUNCTION control_plane.guard_action_authorization();
--> statement-breakpoint

CREATE FUNCTION control_plane.guard_execution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM control_plane.external_action a WHERE a.action_id = NEW.action_id AND a.state = 'EXECUTING'
      AND a.revision = NEW.revision AND a.fence = NEW.fence AND a.executor_id = NEW.executor_id
      AND (a.not_before IS NULL OR a.not_before <= NEW.claimed_at))
  THEN RAISE EXCEPTION 'an execution belongs to an action its own executor just claimed, after the hold' USING ERRCODE = '23514'; END IF;
  IF NEW.claimed_at >= (SELECT z.execute_by FROM control_plane.action_authorization z WHERE z.action_id = NEW.action_id AND z.revision = NEW.revision)
  THEN RAISE EXCEPTION 'the time to execute is over' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON control_plane.execution FOR EACH ROW EXECUTE FUNCTION control_plane.guard_execution();
--> statement-breakpoint

CREATE FUNCTION control_plane.guard_execution_outcome() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  expected bytea;
  mode text;
BEGIN
  SELECT e.expected_sha256, r.mode INTO expected, mode FROM control_plane.execution e
    JOIN control_plane.action_revision r USING (action_id, revision) WHERE e.execution_id = NEW.execution_id;
  IF NEW.outcome = 'completed' AND (mode <> 'live' OR NEW.sent_sha256 IS DISTINCT FROM expected)
  THEN RAISE EXCEPTION 'completed means: live, and exactly the approved bytes were sent' USING ERRCODE = '23514'; END IF;
  IF NEW.outcome = 'simulated' AND mode <> 'dry_run'
  THEN RAISE EXCEPTION 'only a dry run is simulated' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON control_plane.execution_outcome FOR EACH ROW EXECUTE FUNCTION control_plane.guard_execution_outcome();
--> statement-breakpoint

DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['action_revision', 'decision', 'action_authorization', 'execution', 'execution_reservation', 'execution_outcome'] LOOP
    EXECUTE format('CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.%I
      FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON control_plane.%I
      FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['external_action', 'approval_slot', 'cap_day', 'control'] LOOP
    EXECUTE format('CREATE TRIGGER kept_row BEFORE DELETE ON control_plane.%I
      FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
    EXECUTE format('CREATE TRIGGER kept_truncate BEFORE TRUNCATE ON control_plane.%I
      FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
  END LOOP;
END $$;
