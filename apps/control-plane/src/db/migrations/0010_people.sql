-- When somebody came in: by accepting an invite, or with the set-up, or as a person of the demo. Null: invited and not here yet.
ALTER TABLE control_plane.operator
  ADD COLUMN joined_at timestamptz(3) DEFAULT clock_timestamp(),
  -- Sessions that were opened before are over; null: none is.
  ADD COLUMN sessions_since timestamptz(3);
--> statement-breakpoint
UPDATE control_plane.operator SET joined_at = created_at;
--> statement-breakpoint
ALTER TABLE control_plane.operator ADD CONSTRAINT invited_is_not_enabled CHECK (joined_at IS NOT NULL OR NOT enabled);
--> statement-breakpoint
-- A table of its own: what is noted with every request must not wait for whoever holds the person's row.
CREATE TABLE control_plane.operator_seen (
  operator_id text PRIMARY KEY REFERENCES control_plane.operator,
  seen_at timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE TABLE control_plane.operator_invite (
  invite_id text PRIMARY KEY CHECK (invite_id ~ '^inv_[0-9a-f-]{36}$'),
  operator_id text NOT NULL REFERENCES control_plane.operator,
  -- Of the whole token; the token itself is shown once and never stored.
  sha256 bytea NOT NULL UNIQUE CHECK (octet_length(sha256) = 32),
  created_at timestamptz(3) NOT NULL,
  -- Null: by whoever runs the server, with a command.
  created_by text REFERENCES control_plane.operator,
  expires_at timestamptz(3) NOT NULL,
  -- The console may be cut off between this and the password: until the first sign-in the same link finishes what it began.
  accepted_at timestamptz(3),
  ended_at timestamptz(3),
  ended_reason text CHECK (ended_reason IN ('signed_in', 'reissued', 'disabled', 'maker_out')),
  CONSTRAINT invite_expires CHECK (expires_at > created_at AND expires_at <= created_at + interval '72 hours'),
  CONSTRAINT invite_ends_for_a_reason CHECK ((ended_at IS NULL) = (ended_reason IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX operator_invite_open ON control_plane.operator_invite (operator_id) WHERE ended_at IS NULL;
--> statement-breakpoint
CREATE FUNCTION control_plane.guard_operator_invite() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.accepted_at IS NOT NULL OR NEW.ended_at IS NOT NULL
    THEN RAISE EXCEPTION 'an invite begins open' USING ERRCODE = '23514'; END IF;
    RETURN NEW;
  END IF;
  IF (NEW.invite_id, NEW.operator_id, NEW.sha256, NEW.created_at, NEW.expires_at)
     IS DISTINCT FROM (OLD.invite_id, OLD.operator_id, OLD.sha256, OLD.created_at, OLD.expires_at) OR NEW.created_by IS DISTINCT FROM OLD.created_by
  THEN RAISE EXCEPTION 'an immutable field of an invite changed' USING ERRCODE = '23514'; END IF;
  IF OLD.ended_at IS NOT NULL THEN RAISE EXCEPTION 'an invite that has ended stays so' USING ERRCODE = '23514'; END IF;
  IF NEW.accepted_at IS DISTINCT FROM OLD.accepted_at AND (OLD.accepted_at IS NOT NULL OR NEW.accepted_at >= OLD.expires_at)
  THEN RAISE EXCEPTION 'an invite is accepted once, in time' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON control_plane.operator_invite FOR EACH ROW EXECUTE FUNCTION control_plane.guard_operator_invite();
--> statement-breakpoint

-- Whoever changes a person, by whatever means: sessions of before are over, and streams hear of it at once.
CREATE FUNCTION control_plane.guard_operator() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.operator_id, NEW.name, NEW.created_at) IS DISTINCT FROM (OLD.operator_id, OLD.name, OLD.created_at)
  THEN RAISE EXCEPTION 'an immutable field of an operator changed' USING ERRCODE = '23514'; END IF;
  IF OLD.joined_at IS NOT NULL AND NEW.joined_at IS DISTINCT FROM OLD.joined_at
  THEN RAISE EXCEPTION 'whoever has come in has come in' USING ERRCODE = '23514'; END IF;
  IF NEW.version < OLD.version THEN RAISE EXCEPTION 'the version of an operator moves on' USING ERRCODE = '23514'; END IF;
  IF (NEW.role, NEW.enabled) IS DISTINCT FROM (OLD.role, OLD.enabled) THEN
    IF OLD.enabled AND OLD.role = 'admin' AND NOT (NEW.enabled AND NEW.role = 'admin') THEN
      -- Held until the end, so that of two who go at once the second sees that the first has gone.
      PERFORM FROM control_plane.operator other
        WHERE other.role = 'admin' AND other.enabled AND other.operator_id <> OLD.operator_id ORDER BY other.operator_id FOR SHARE;
      IF NOT FOUND THEN RAISE EXCEPTION 'the last enabled admin stays' USING ERRCODE = '23514', CONSTRAINT = 'last_admin_stays'; END IF;
    END IF;
    NEW.version := OLD.version + 1;
  END IF;
  IF NEW.version <> OLD.version THEN
    -- Whoever comes in for the first time has none of before.
    IF OLD.joined_at IS NOT NULL THEN NEW.sessions_since := clock_timestamp(); END IF;
    PERFORM pg_notify('control_plane_operator', '');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE UPDATE ON control_plane.operator FOR EACH ROW EXECUTE FUNCTION control_plane.guard_operator();
--> statement-breakpoint

ALTER TABLE control_plane.executor ADD COLUMN version integer NOT NULL DEFAULT 0;
--> statement-breakpoint
-- The key that took its place; it works on until it ends.
ALTER TABLE control_plane.executor_key ADD COLUMN replaced_by text REFERENCES control_plane.executor_key;
--> statement-breakpoint
CREATE FUNCTION control_plane.guard_executor_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM FROM control_plane.executor e WHERE e.executor_id = NEW.executor_id FOR NO KEY UPDATE;
    IF (SELECT count(*) FROM control_plane.executor_key k
        WHERE k.executor_id = NEW.executor_id AND k.revoked_at IS NULL AND k.expires_at > clock_timestamp()) >= 2
    THEN RAISE EXCEPTION 'an executor has at most two live keys' USING ERRCODE = '23514', CONSTRAINT = 'two_live_keys'; END IF;
    RETURN NEW;
  END IF;
  IF (NEW.key_id, NEW.executor_id, NEW.sha256, NEW.scopes, NEW.created_at)
     IS DISTINCT FROM (OLD.key_id, OLD.executor_id, OLD.sha256, OLD.scopes, OLD.created_at)
  THEN RAISE EXCEPTION 'an immutable field of a key changed' USING ERRCODE = '23514'; END IF;
  IF NEW.expires_at > OLD.expires_at THEN RAISE EXCEPTION 'a key never lives longer than it was made for' USING ERRCODE = '23514'; END IF;
  IF OLD.revoked_at IS NOT NULL AND NEW.revoked_at IS DISTINCT FROM OLD.revoked_at
  THEN RAISE EXCEPTION 'a revoked key stays revoked' USING ERRCODE = '23514'; END IF;
  IF OLD.replaced_by IS NOT NULL AND NEW.replaced_by IS DISTINCT FROM OLD.replaced_by
  THEN RAISE EXCEPTION 'a key is replaced once' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON control_plane.executor_key FOR EACH ROW EXECUTE FUNCTION control_plane.guard_executor_key();
--> statement-breakpoint
CREATE FUNCTION control_plane.guard_executor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.executor_id, NEW.name, NEW.created_at) IS DISTINCT FROM (OLD.executor_id, OLD.name, OLD.created_at)
  THEN RAISE EXCEPTION 'an immutable field of an executor changed' USING ERRCODE = '23514'; END IF;
  IF NEW.owner_operator_id <> OLD.owner_operator_id
     AND NOT EXISTS (SELECT FROM control_plane.operator o WHERE o.operator_id = NEW.owner_operator_id AND o.enabled)
  THEN RAISE EXCEPTION 'an executor is handed to somebody who is enabled' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE UPDATE ON control_plane.executor FOR EACH ROW EXECUTE FUNCTION control_plane.guard_executor();
--> statement-breakpoint

DO $$ DECLARE name text; BEGIN
  FOREACH name IN ARRAY ARRAY['operator', 'operator_invite', 'executor', 'executor_key'] LOOP
    EXECUTE format('CREATE TRIGGER kept_row BEFORE DELETE ON control_plane.%I
      FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
    EXECUTE format('CREATE TRIGGER kept_truncate BEFORE TRUNCATE ON control_plane.%I
      FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
  END LOOP;
END $$;
