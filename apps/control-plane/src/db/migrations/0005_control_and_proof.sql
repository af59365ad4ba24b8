-- Brakes with scopes, working caps, revoking, asking for a change, escalation, read-back, and what a person found who looked an unknown
-- outcome up. Guards that change are replaced as a whole.

-- ---------------------------------------------------------------- control

-- One row a brake. The control row is locked whenever one is engaged or released, so that claims, which share that lock, see all or none.
CREATE TABLE control_plane.brake (
  brake_id text PRIMARY KEY CHECK (brake_id ~ '^brk_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  scope_kind text NOT NULL CHECK (scope_kind IN ('all', 'provider', 'run', 'executor')),
  -- Empty for 'all'.
  scope_id text COLLATE "C" NOT NULL CHECK ((scope_kind = 'all') = (scope_id = '')),
  engaged_at timestamptz(3) NOT NULL,
  engaged_by text NOT NULL REFERENCES control_plane.operator (operator_id),
  engaged_reason text NOT NULL CHECK (length(engaged_reason) BETWEEN 1 AND 2000),
  -- Engaging works without the audit log; until its event is written this is false.
  audited boolean NOT NULL,
  released_at timestamptz(3),
  released_by text REFERENCES control_plane.operator (operator_id),
  released_reason text CHECK (length(released_reason) BETWEEN 1 AND 2000),
  CONSTRAINT released_whole_or_not CHECK (num_nulls(released_at, released_by, released_reason) IN (0, 3)),
  CONSTRAINT released_after_engaged CHECK (released_at >= engaged_at)
);
--> statement-breakpoint
CREATE UNIQUE INDEX brake_engaged_once ON control_plane.brake (scope_kind, scope_id) WHERE released_at IS NULL;
--> statement-breakpoint
CREATE INDEX brake_newest ON control_plane.brake (engaged_at, brake_id);
--> statement-breakpoint
CREATE INDEX brake_not_audited ON control_plane.brake (engaged_at) WHERE NOT audited;
--> statement-breakpoint
-- What was engaged by hand before there were brakes goes on being engaged, by the first admin, or whoever there is. Without anybody nothing
-- was ever approved and no executor has a key: there is nothing to stop, and nobody to name.
INSERT INTO control_plane.brake (brake_id, scope_kind, scope_id, engaged_at, engaged_by, engaged_reason, audited)
  SELECT 'brk_' || gen_random_uuid(), 'all', '', clock_timestamp(), o.operator_id, 'Engaged before the brake had a record of its own.', false
  FROM control_plane.control c, LATERAL (SELECT operator_id FROM control_plane.operator ORDER BY role = 'admin' DESC, operator_id LIMIT 1) o
  WHERE c.brake_engaged;
--> statement-breakpoint
ALTER TABLE control_plane.control DROP COLUMN brake_engaged;
--> statement-breakpoint
CREATE FUNCTION control_plane.guard_brake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.released_at IS NOT NULL THEN RAISE EXCEPTION 'a brake begins engaged' USING ERRCODE = '23514'; END IF;
    RETURN NEW;
  END IF;
  IF OLD.released_at IS NOT NULL AND NEW.released_at IS DISTINCT FROM OLD.released_at
  THEN RAISE EXCEPTION 'a brake is released once' USING ERRCODE = '42501'; END IF;
  IF (NEW.brake_id, NEW.scope_kind, NEW.scope_id, NEW.engaged_at, NEW.engaged_by, NEW.engaged_reason)
     IS DISTINCT FROM (OLD.brake_id, OLD.scope_kind, OLD.scope_id, OLD.engaged_at, OLD.engaged_by, OLD.engaged_reason)
     OR (OLD.audited AND NOT NEW.audited)
  THEN RAISE EXCEPTION 'how a brake was engaged never changes' USING ERRCODE = '42501'; END IF;
  IF NEW.released_at IS NOT NULL AND OLD.released_at IS NULL AND NOT EXISTS (
    SELECT FROM control_plane.operator o WHERE o.operator_id = NEW.released_by AND o.enabled AND o.role = 'admin')
  THEN RAISE EXCEPTION 'an enabled admin releases a brake' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON control_plane.brake FOR EACH ROW EXECUTE FUNCTION control_plane.guard_brake();
--> statement-breakpoint

-- Whether anything stops this action now. A missing control row stops everything.
CREATE FUNCTION control_plane.is_braked(in_provider text, in_run text, in_executor text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (SELECT FROM control_plane.control WHERE id = 1) OR EXISTS (
    SELECT FROM control_plane.brake b WHERE b.released_at IS NULL AND (
      b.scope_kind = 'all'
      OR (b.scope_kind = 'provider' AND b.scope_id = in_provider)
      OR (b.scope_kind = 'run' AND b.scope_id = in_run)
      OR (b.scope_kind = 'executor' AND b.scope_id = in_executor)))
$$;
--> statement-breakpoint

-- What operators set below the environment's ceiling. currency '': the count of actions. No row: the ceiling is in force.
CREATE TABLE control_plane.working_cap (
  currency text PRIMARY KEY CHECK (currency = '' OR currency ~ '^[A-Z]{3}$'),
  cap bigint NOT NULL CHECK (cap >= 0),
  set_by text NOT NULL REFERENCES control_plane.operator (operator_id),
  set_at timestamptz(3) NOT NULL
);
--> statement-breakpoint

-- ---------------------------------------------------------------- deciding

ALTER TABLE control_plane.action_revision
  ADD COLUMN escalated boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT escalated_is_tier_c CHECK (NOT escalated OR tier = 'C');
--> statement-breakpoint
ALTER TABLE control_plane.decision
  DROP CONSTRAINT decision_kind_check,
  DROP CONSTRAINT decision_action_id_revision_operator_id_key,
  -- JSON pointer of what should change; null: the whole of it.
  ADD COLUMN field text,
  ADD CONSTRAINT decision_kind_check CHECK (kind IN ('approve', 'reject', 'ask_change', 'revoke', 'veto')),
  ADD CONSTRAINT decision_field_of_ask_change CHECK (field IS NULL OR kind = 'ask_change'),
  -- Whoever approved may still say no; nobody says yes twice.
  ADD CONSTRAINT decision_once_a_kind UNIQUE (action_id, revision, operator_id, kind);
--> statement-breakpoint
CREATE OR REPLACE FUNCTION control_plane.guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  action control_plane.external_action;
  revision control_plane.action_revision;
  person control_plane.operator;
BEGIN
  SELECT * INTO action FROM control_plane.external_action a WHERE a.action_id = NEW.action_id FOR UPDATE;
  SELECT * INTO revision FROM control_plane.action_revision r WHERE r.action_id = NEW.action_id AND r.revision = NEW.revision;
  SELECT * INTO person FROM control_plane.operator o WHERE o.operator_id = NEW.operator_id FOR SHARE;
  IF NOT FOUND OR NOT person.enabled OR person.role <> NEW.operator_role
  THEN RAISE EXCEPTION 'an enabled operator decides' USING ERRCODE = '23514'; END IF;
  IF NEW.kind IN ('revoke', 'veto') THEN
    IF action.state IS DISTINCT FROM 'APPROVED' OR action.revision <> NEW.revision
    THEN RAISE EXCEPTION 'only the revision that is approved can be revoked' USING ERRCODE = '23514'; END IF;
    IF NEW.kind = 'veto' AND (action.not_before IS NULL OR action.not_before <= NEW.decided_at)
    THEN RAISE EXCEPTION 'a veto belongs to a running hold' USING ERRCODE = '23514'; END IF;
    RETURN NEW;
  END IF;
  IF action.state IS DISTINCT FROM 'PENDING' OR action.revision <> NEW.revision
  THEN RAISE EXCEPTION 'only the revision that is pending can be decided' USING ERRCODE = '23514'; END IF;
  IF NEW.decided_at >= revision.decide_by
  THEN RAISE EXCEPTION 'the time to decide is over' USING ERRCODE = '23514'; END IF;
  IF person.role NOT IN ('approver', 'admin')
  THEN RAISE EXCEPTION 'an enabled approver decides' USING ERRCODE = '23514'; END IF;
  IF NEW.kind = 'approve' THEN
    IF EXISTS (SELECT FROM control_plane.run r WHERE r.run_id = action.run_id AND r.started_by IN (person.operator_id, person.name))
    THEN RAISE EXCEPTION 'nobody approves their own request' USING ERRCODE = '23514'; END IF;
    IF EXISTS (SELECT FROM control_plane.decision d WHERE d.action_id = NEW.action_id AND d.revision = NEW.revision AND d.kind = 'ask_change')
    THEN RAISE EXCEPTION 'a revision that somebody wants changed is not approved' USING ERRCODE = '23514'; END IF;
    IF control_plane.is_braked(revision.provider, action.run_id, action.executor_id)
    THEN RAISE EXCEPTION 'nothing is approved under the brake' USING ERRCODE = '23514'; END IF;
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION control_plane.guard_action_authorization() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  revision control_plane.action_revision;
BEGIN
  SELECT * INTO revision FROM control_plane.action_revision r WHERE r.action_id = NEW.action_id AND r.revision = NEW.revision;
  IF NEW.kind = 'policy' AND (revision.tier = 'C' OR revision.blind)
  THEN RAISE EXCEPTION 'tier C, and what cannot be explained, is authorized by people only' USING ERRCODE = '23514'; END IF;
  IF NEW.kind = 'people' AND (
    NOT EXISTS (SELECT FROM control_plane.approval_slot s WHERE s.action_id = NEW.action_id AND s.revision = NEW.revision)
    OR EXISTS (SELECT FROM control_plane.approval_slot s WHERE s.action_id = NEW.action_id AND s.revision = NEW.revision AND s.decision_id IS NULL))
  THEN RAISE EXCEPTION 'an approval slot of this revision is open' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint

-- ---------------------------------------------------------------- executing

CREATE OR REPLACE FUNCTION control_plane.guard_execution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM control_plane.external_action a WHERE a.action_id = NEW.action_id AND a.state = 'EXECUTING'
      AND a.revision = NEW.revision AND a.fence = NEW.fence AND a.executor_id = NEW.executor_id
      AND (a.not_before IS NULL OR a.not_before <= NEW.claimed_at))
  THEN RAISE EXCEPTION 'an execution belongs to an action its own executor just claimed, after the hold' USING ERRCODE = '23514'; END IF;
  IF NEW.claimed_at >= (SELECT z.execute_by FROM control_plane.action_authorization z WHERE z.action_id = NEW.action_id AND z.revision = NEW.revision)
  THEN RAISE EXCEPTION 'the time to execute is over' USING ERRCODE = '23514'; END IF;
  IF (SELECT control_plane.is_braked(r.provider, a.run_id, a.executor_id)
      FROM control_plane.external_action a JOIN control_plane.action_revision r USING (action_id, revision) WHERE a.action_id = NEW.action_id)
  THEN RAISE EXCEPTION 'nothing is claimed under the brake' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint

-- The effect as the executor read it back, as often as it looked; the newest is what is shown.
CREATE TABLE control_plane.execution_observation (
  execution_id text NOT NULL REFERENCES control_plane.execution (execution_id),
  observation_no integer NOT NULL CHECK (observation_no BETWEEN 1 AND 50),
  result text NOT NULL CHECK (result IN ('verified', 'drifted', 'cannot_verify')),
  -- JSON text as reported; null: it could not be read, or is not there.
  observed text,
  -- Every field the descriptor compares.
  fields jsonb NOT NULL CHECK (jsonb_typeof(fields) = 'array'),
  detail text,
  observed_at timestamptz(3) NOT NULL,
  recorded_by text NOT NULL,
  PRIMARY KEY (execution_id, observation_no),
  CONSTRAINT verified_was_read CHECK (result = 'cannot_verify' OR observed IS NOT NULL)
);
--> statement-breakpoint

-- A person who looked says what came of an execution that ended UNKNOWN. Once.
CREATE TABLE control_plane.execution_resolution (
  execution_id text PRIMARY KEY REFERENCES control_plane.execution (execution_id),
  outcome text NOT NULL CHECK (outcome IN ('completed', 'failed')),
  looked_at text NOT NULL CHECK (length(looked_at) BETWEEN 1 AND 2000),
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  external_object_id text,
  operator_id text NOT NULL REFERENCES control_plane.operator (operator_id),
  operator_role text NOT NULL,
  sid_hash text NOT NULL,
  amr text[] NOT NULL,
  request_id text NOT NULL,
  resolved_at timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE FUNCTION control_plane.guard_execution_resolution() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM control_plane.execution e JOIN control_plane.execution_outcome o USING (execution_id)
      JOIN control_plane.external_action a USING (action_id)
    WHERE e.execution_id = NEW.execution_id AND o.outcome = 'unknown' AND a.state = 'UNKNOWN' AND a.revision = e.revision)
  THEN RAISE EXCEPTION 'only an unknown outcome is resolved' USING ERRCODE = '23514'; END IF;
  IF NOT EXISTS (
    SELECT FROM control_plane.operator o WHERE o.operator_id = NEW.operator_id AND o.enabled AND o.role IN ('approver', 'admin') AND o.role = NEW.operator_role)
  THEN RAISE EXCEPTION 'an enabled approver resolves' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON control_plane.execution_resolution FOR EACH ROW EXECUTE FUNCTION control_plane.guard_execution_resolution();
--> statement-breakpoint

CREATE FUNCTION control_plane.guard_action_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'REVOKED' AND NOT EXISTS (
    SELECT FROM control_plane.decision d WHERE d.action_id = NEW.action_id AND d.revision = NEW.revision AND d.kind IN ('revoke', 'veto'))
  THEN RAISE EXCEPTION 'nobody revoked this revision' USING ERRCODE = '23514'; END IF;
  IF OLD.state = 'UNKNOWN' AND NEW.state <> 'UNKNOWN' AND NOT EXISTS (
    SELECT FROM control_plane.execution e JOIN control_plane.execution_resolution s USING (execution_id)
    WHERE e.action_id = NEW.action_id AND e.revision = NEW.revision AND upper(s.outcome) = NEW.state)
  THEN RAISE EXCEPTION 'nobody has looked this outcome up' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard_end BEFORE UPDATE ON control_plane.external_action FOR EACH ROW EXECUTE FUNCTION control_plane.guard_action_end();
--> statement-breakpoint
-- A read-back is news about an action that has ended: its version moves on, nothing else may.
CREATE FUNCTION control_plane.is_same_but_version(one control_plane.external_action, other control_plane.external_action) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
  SELECT to_jsonb(one) - 'version' = to_jsonb(other) - 'version'
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION control_plane.guard_external_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'PENDING' OR NEW.revision <> 1 OR NEW.fence <> 0 OR NEW.not_before IS NOT NULL THEN
      RAISE EXCEPTION 'an action begins PENDING with revision 1 and fence 0' USING ERRCODE = '23514';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state IN ('COMPLETED', 'FAILED', 'UNKNOWN') AND NEW.version = OLD.version + 1 AND control_plane.is_same_but_version(OLD, NEW)
  THEN RETURN NEW; END IF;
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

DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['execution_observation', 'execution_resolution'] LOOP
    EXECUTE format('CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.%I
      FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON control_plane.%I
      FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['brake', 'working_cap'] LOOP
    EXECUTE format('CREATE TRIGGER kept_row BEFORE DELETE ON control_plane.%I
      FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
    EXECUTE format('CREATE TRIGGER kept_truncate BEFORE TRUNCATE ON control_plane.%I
      FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
  END LOOP;
END $$;
