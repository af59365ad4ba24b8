CREATE SCHEMA IF NOT EXISTS control_plane;
--> statement-breakpoint
CREATE TABLE control_plane.operator (
  operator_id text PRIMARY KEY CHECK (operator_id ~ '^op_[0-9a-f-]{36}$'),
  name text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 100),
  role text NOT NULL CHECK (role IN ('viewer', 'approver', 'admin')),
  enabled boolean NOT NULL DEFAULT true,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  version integer NOT NULL DEFAULT 0
);
--> statement-breakpoint
CREATE TABLE control_plane.executor (
  executor_id text PRIMARY KEY CHECK (executor_id ~ '^exr_[0-9a-f-]{36}$'),
  name text NOT NULL UNIQUE CHECK (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  owner_operator_id text NOT NULL REFERENCES control_plane.operator,
  shared_with_everyone boolean NOT NULL DEFAULT false,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
--> statement-breakpoint
CREATE INDEX executor_owner ON control_plane.executor (owner_operator_id);
--> statement-breakpoint
CREATE TABLE control_plane.executor_share (
  executor_id text NOT NULL REFERENCES control_plane.executor,
  operator_id text NOT NULL REFERENCES control_plane.operator,
  PRIMARY KEY (operator_id, executor_id)
);
--> statement-breakpoint
CREATE TABLE control_plane.executor_key (
  key_id text PRIMARY KEY CHECK (key_id ~ '^key_[0-9a-z]{12}$'),
  executor_id text NOT NULL REFERENCES control_plane.executor,
  -- Of the whole key text; the text itself is never stored.
  sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  scopes text[] NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz(3) NOT NULL,
  revoked_at timestamptz(3),
  last_used_at timestamptz(3)
);
--> statement-breakpoint
CREATE INDEX executor_key_executor ON control_plane.executor_key (executor_id);
--> statement-breakpoint
CREATE TABLE control_plane.used_assertion (
  jti text PRIMARY KEY,
  expires_at timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE INDEX used_assertion_expires ON control_plane.used_assertion (expires_at);
--> statement-breakpoint
CREATE TABLE control_plane.idempotency (
  principal_id text NOT NULL,
  route_id text NOT NULL,
  key text NOT NULL,
  body_sha256 text NOT NULL,
  status integer NOT NULL,
  answer jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (principal_id, route_id, key)
);
--> statement-breakpoint
CREATE INDEX idempotency_created ON control_plane.idempotency (created_at);
--> statement-breakpoint
CREATE TABLE control_plane.audit_head (
  id integer PRIMARY KEY CHECK (id = 1),
  seq bigint NOT NULL CHECK (seq >= 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32)
);
--> statement-breakpoint
INSERT INTO control_plane.audit_head (id, seq, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));
--> statement-breakpoint
CREATE TABLE control_plane.audit_event (
  seq bigint PRIMARY KEY,
  prev bytea NOT NULL,
  hash bytea NOT NULL UNIQUE,
  -- Canonical JSON, the very text that is hashed; everything below is a copy for finding it.
  event text NOT NULL,
  event_type text NOT NULL,
  auth_principal_type text NOT NULL,
  auth_principal_id text NOT NULL,
  auth_principal_name text,
  run_id text,
  approval_ref_id text,
  result_status text NOT NULL,
  at timestamptz(3) NOT NULL,
  -- Through whom an operator may see it (canSee).
  executor_id text,
  owner_operator_id text,
  CONSTRAINT audit_event_hash_holds CHECK (hash = sha256('\x01'::bytea || int8send(seq) || prev || convert_to(event, 'UTF8')))
);
--> statement-breakpoint
CREATE INDEX audit_event_run ON control_plane.audit_event (run_id, seq) WHERE run_id IS NOT NULL;
--> statement-breakpoint
CREATE INDEX audit_event_approval_ref ON control_plane.audit_event (approval_ref_id, seq) WHERE approval_ref_id IS NOT NULL;
--> statement-breakpoint
CREATE INDEX audit_event_type ON control_plane.audit_event (event_type, seq);
--> statement-breakpoint
CREATE INDEX audit_event_principal ON control_plane.audit_event (auth_principal_id, seq);
--> statement-breakpoint
CREATE INDEX audit_event_principal_name ON control_plane.audit_event (auth_principal_name, seq);
--> statement-breakpoint
CREATE INDEX audit_event_result ON control_plane.audit_event (result_status, seq);
--> statement-breakpoint
CREATE FUNCTION control_plane.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON control_plane.audit_event
  FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON control_plane.audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
-- An event follows the head or is refused: no gap, no fork, whatever the application does.
CREATE FUNCTION control_plane.advance_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE control_plane.audit_head SET seq = NEW.seq, hash = NEW.hash WHERE id = 1 AND seq = NEW.seq - 1 AND hash = NEW.prev;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'audit event % does not follow the head', NEW.seq USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_event_follows_head BEFORE INSERT ON control_plane.audit_event
  FOR EACH ROW EXECUTE FUNCTION control_plane.advance_audit_head();
--> statement-breakpoint
CREATE FUNCTION control_plane.refuse_head_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Depth 2 is the insertion of an event; anything else is somebody moving the head by hand.
  IF TG_OP = 'UPDATE' AND pg_trigger_depth() >= 2 THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit_head follows audit_event: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_head_follows BEFORE INSERT OR UPDATE OR DELETE ON control_plane.audit_head
  FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_head_change();
--> statement-breakpoint
CREATE TRIGGER audit_head_no_truncate BEFORE TRUNCATE ON control_plane.audit_head
  FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
-- Ids are handed out under this row's lock, so they become visible in order (no id ever appears below one already seen).
CREATE TABLE control_plane.event_head (
  id integer PRIMARY KEY CHECK (id = 1),
  last_id bigint NOT NULL CHECK (last_id >= 0)
);
--> statement-breakpoint
INSERT INTO control_plane.event_head (id, last_id) VALUES (1, 0);
--> statement-breakpoint
CREATE TABLE control_plane.event (
  id bigint PRIMARY KEY,
  type text NOT NULL,
  resource_kind text NOT NULL,
  resource_id text NOT NULL,
  version integer NOT NULL,
  at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  executor_id text,
  owner_operator_id text,
  for_everyone boolean NOT NULL DEFAULT false
);
