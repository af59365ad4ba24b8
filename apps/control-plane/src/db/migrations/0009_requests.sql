-- What else waits for a person beside external actions: approval requests (apr_…) and governance requests (gov_…) of executors.
-- What one constraint or trigger can refuse, it refuses here (see 0002).

CREATE SEQUENCE control_plane.approval_number AS bigint;
--> statement-breakpoint
CREATE TABLE control_plane.request (
  request_id text PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('approval_request', 'governance_request')),
  executor_id text NOT NULL REFERENCES control_plane.executor (executor_id),
  -- As the executor says it; known_run_id is its own run of that id, where there is one.
  run_id text NOT NULL CHECK (length(run_id) BETWEEN 1 AND 200),
  known_run_id text COLLATE "C" REFERENCES control_plane.run (run_id),
  phase_id text NOT NULL CHECK (length(phase_id) BETWEEN 1 AND 200),
  context text NOT NULL,
  body bytea NOT NULL CHECK (octet_length(body) BETWEEN 2 AND 131072),
  -- What a decision is bound to.
  body_sha256 bytea GENERATED ALWAYS AS (sha256(body)) STORED NOT NULL,
  title text NOT NULL,
  sentence text NOT NULL,
  risk_score integer NOT NULL CHECK (risk_score BETWEEN 0 AND 100),
  risk_level text NOT NULL CHECK (risk_level IN ('low', 'medium', 'high', 'critical')),
  risk_contributions jsonb NOT NULL CHECK (jsonb_typeof(risk_contributions) = 'array'),
  -- Of governance requests: every path with its verdict, in the order asked.
  paths jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(paths) = 'array'),
  policy_version integer NOT NULL CHECK (policy_version >= 1),
  policy_sha256 bytea NOT NULL CHECK (octet_length(policy_sha256) = 32),
  policy_reason text NOT NULL,
  state text NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'APPROVED', 'REJECTED', 'CHANGE_ASKED', 'EXPIRED')),
  version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
  requested_at timestamptz(3) NOT NULL,
  requested_key_id text NOT NULL REFERENCES control_plane.executor_key (key_id),
  decide_by timestamptz(3) NOT NULL CHECK (decide_by > requested_at),
  state_since timestamptz(3) NOT NULL,
  -- Approval requests carry none: they are the same when their bytes are.
  idempotency_key text,
  UNIQUE (executor_id, idempotency_key),
  UNIQUE (request_id, body_sha256),
  CONSTRAINT request_id_of_its_kind CHECK (CASE kind
    WHEN 'approval_request' THEN request_id ~ '^apr_[1-9][0-9]{0,14}$'
    ELSE request_id ~ '^gov_[0-9a-f]{8}$' END),
  CONSTRAINT governance_has_paths_and_key CHECK ((kind = 'governance_request') = (jsonb_array_length(paths) > 0)
    AND (kind = 'governance_request') = (idempotency_key IS NOT NULL)),
  CONSTRAINT known_run_is_the_run CHECK (known_run_id = run_id)
);
--> statement-breakpoint
CREATE INDEX request_deadline ON control_plane.request (decide_by, request_id) WHERE state = 'PENDING';
--> statement-breakpoint
CREATE INDEX request_latest_state ON control_plane.request (state_since, request_id);
--> statement-breakpoint
CREATE INDEX request_by_executor ON control_plane.request (executor_id, kind, state, requested_at);
--> statement-breakpoint
CREATE INDEX request_same_body ON control_plane.request (executor_id, body_sha256);
--> statement-breakpoint

-- The unique request is the promise: decided exactly once, by a person or by the policy.
CREATE TABLE control_plane.request_decision (
  decision_id text PRIMARY KEY CHECK (decision_id ~ '^dec_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  request_id text NOT NULL UNIQUE,
  body_sha256 bytea NOT NULL,
  decided_by text NOT NULL CHECK (decided_by IN ('people', 'policy')),
  kind text NOT NULL CHECK (kind IN ('approve', 'reject', 'ask_change')),
  reject_kind text CHECK (reject_kind IN ('never', 'not_now')),
  -- JSON pointer of what should change; null: the whole of it.
  field text,
  reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 2000),
  operator_id text REFERENCES control_plane.operator (operator_id),
  -- As they stood at that moment.
  operator_role text,
  sid_hash text,
  amr text[],
  request_ref text NOT NULL,
  decided_at timestamptz(3) NOT NULL,
  FOREIGN KEY (request_id, body_sha256) REFERENCES control_plane.request (request_id, body_sha256),
  CONSTRAINT request_reject_kind CHECK ((decided_by = 'people' AND kind = 'reject') = (reject_kind IS NOT NULL)),
  CONSTRAINT request_field_of_ask_change CHECK (field IS NULL OR kind = 'ask_change'),
  CONSTRAINT request_person_whole_or_absent CHECK (num_nulls(operator_id, operator_role, sid_hash, amr) = CASE decided_by WHEN 'people' THEN 0 ELSE 4 END),
  CONSTRAINT request_policy_says_yes_or_no CHECK (decided_by = 'people' OR kind IN ('approve', 'reject'))
);
--> statement-breakpoint

CREATE FUNCTION control_plane.guard_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'PENDING' OR NEW.version <> 1 THEN RAISE EXCEPTION 'a request begins PENDING' USING ERRCODE = '23514'; END IF;
    IF NEW.known_run_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM control_plane.run r WHERE r.run_id = NEW.known_run_id AND r.executor_id = NEW.executor_id)
    THEN RAISE EXCEPTION 'a request belongs to a run of its own executor' USING ERRCODE = '23514'; END IF;
    RETURN NEW;
  END IF;
  IF OLD.state <> 'PENDING' OR NEW.state = 'PENDING'
  THEN RAISE EXCEPTION 'illegal transition % -> %', OLD.state, NEW.state USING ERRCODE = '23514'; END IF;
  -- A generated column has no value yet before the row is written.
  IF NEW.version <> OLD.version + 1 OR to_jsonb(NEW) - ARRAY['state', 'version', 'state_since', 'body_sha256']
     <> to_jsonb(OLD) - ARRAY['state', 'version', 'state_since', 'body_sha256']
  THEN RAISE EXCEPTION 'only the state of a request changes, and its version with it' USING ERRCODE = '23514'; END IF;
  IF NEW.state = 'EXPIRED' THEN
    IF NEW.state_since < NEW.decide_by OR EXISTS (SELECT FROM control_plane.request_decision d WHERE d.request_id = NEW.request_id)
    THEN RAISE EXCEPTION 'only what nobody decided in time expires' USING ERRCODE = '23514'; END IF;
    RETURN NEW;
  END IF;
  IF NOT EXISTS (SELECT FROM control_plane.request_decision d WHERE d.request_id = NEW.request_id
    AND NEW.state = CASE d.kind WHEN 'approve' THEN 'APPROVED' WHEN 'reject' THEN 'REJECTED' ELSE 'CHANGE_ASKED' END)
  THEN RAISE EXCEPTION 'nobody decided this' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON control_plane.request FOR EACH ROW EXECUTE FUNCTION control_plane.guard_request();
--> statement-breakpoint

CREATE FUNCTION control_plane.guard_request_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked control_plane.request;
  person control_plane.operator;
BEGIN
  SELECT * INTO asked FROM control_plane.request r WHERE r.request_id = NEW.request_id FOR UPDATE;
  IF asked.state IS DISTINCT FROM 'PENDING' THEN RAISE EXCEPTION 'only what is pending can be decided' USING ERRCODE = '23514'; END IF;
  IF NEW.decided_at >= asked.decide_by THEN RAISE EXCEPTION 'the time to decide is over' USING ERRCODE = '23514'; END IF;
  IF NEW.kind = 'approve' AND control_plane.is_braked(NULL, asked.run_id, asked.executor_id)
  THEN RAISE EXCEPTION 'nothing is approved under the brake' USING ERRCODE = '23514'; END IF;
  IF NEW.decided_by = 'policy' THEN
    IF asked.kind <> 'governance_request'
    THEN RAISE EXCEPTION 'the policy decides about governance requests only' USING ERRCODE = '23514'; END IF;
    IF NEW.kind = 'approve' AND EXISTS (SELECT FROM jsonb_array_elements(asked.paths) AS path
      WHERE path ->> 'verdict' IS DISTINCT FROM 'automatic' OR NOT coalesce(path ->> 'normal', '') ~ '^(examples|scripts)/')
    THEN RAISE EXCEPTION 'a protected path is approved by people only' USING ERRCODE = '23514'; END IF;
    IF NEW.kind = 'reject' AND NOT EXISTS (SELECT FROM jsonb_array_elements(asked.paths) AS path WHERE path ->> 'verdict' = 'denied')
    THEN RAISE EXCEPTION 'the policy denies denied paths only' USING ERRCODE = '23514'; END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO person FROM control_plane.operator o WHERE o.operator_id = NEW.operator_id FOR SHARE;
  IF NOT FOUND OR NOT person.enabled OR person.role NOT IN ('approver', 'admin') OR person.role <> NEW.operator_role
  THEN RAISE EXCEPTION 'an enabled approver decides' USING ERRCODE = '23514'; END IF;
  IF NEW.kind = 'approve' AND EXISTS (
    SELECT FROM control_plane.run r WHERE r.run_id = asked.known_run_id AND r.started_by IN (person.operator_id, person.name))
  THEN RAISE EXCEPTION 'nobody approves their own request' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON control_plane.request_decision FOR EACH ROW EXECUTE FUNCTION control_plane.guard_request_decision();
--> statement-breakpoint
CREATE FUNCTION control_plane.guard_decided_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT r.state FROM control_plane.request r WHERE r.request_id = NEW.request_id) = 'PENDING'
  THEN RAISE EXCEPTION 'what was decided is not pending' USING ERRCODE = '23514'; END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER decided_request_moved_on AFTER INSERT ON control_plane.request_decision
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION control_plane.guard_decided_request();
--> statement-breakpoint

CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.request_decision
  FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_ledger_change();
--> statement-breakpoint
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON control_plane.request_decision
  FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_ledger_change();
--> statement-breakpoint
CREATE TRIGGER kept_row BEFORE DELETE ON control_plane.request FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_ledger_change();
--> statement-breakpoint
CREATE TRIGGER kept_truncate BEFORE TRUNCATE ON control_plane.request FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_ledger_change();
