-- What the audit log is searched by. Each column is what the text of the event says, made by the database: whoever adds an event cannot say one
-- thing to a reader of the columns (the triggers below among them) and another to whoever verifies the text.

-- jsonb has no NUL. Written out in a text it is U+FFFD here; a backslash before it that is itself written out makes it six plain characters.
CREATE FUNCTION control_plane.audit_json(event text) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN strpos(event, '\u0000') = 0 THEN event::jsonb
    ELSE regexp_replace(event, '(?<!\\)((?:\\\\)*)\\u0000', '\1\\ufffd', 'g')::jsonb END;
--> statement-breakpoint
CREATE FUNCTION control_plane.audit_member(event text, member text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN control_plane.audit_json(event) ->> member;
--> statement-breakpoint
-- In ISO 8601 with Z, which says the same whatever the settings of a session are.
CREATE FUNCTION control_plane.audit_moment(event text) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (control_plane.audit_json(event) ->> 'at')::timestamptz;
--> statement-breakpoint
ALTER TABLE control_plane.audit_event
  DROP COLUMN event_type, DROP COLUMN auth_principal_type, DROP COLUMN auth_principal_id, DROP COLUMN auth_principal_name, DROP COLUMN run_id,
  DROP COLUMN approval_ref_id, DROP COLUMN result_status, DROP COLUMN at,
  ADD COLUMN event_type text NOT NULL GENERATED ALWAYS AS (control_plane.audit_member(event, 'event_type')) STORED,
  ADD COLUMN auth_principal_type text NOT NULL GENERATED ALWAYS AS (control_plane.audit_member(event, 'auth_principal_type')) STORED,
  ADD COLUMN auth_principal_id text NOT NULL GENERATED ALWAYS AS (control_plane.audit_member(event, 'auth_principal_id')) STORED,
  ADD COLUMN auth_principal_name text GENERATED ALWAYS AS (control_plane.audit_member(event, 'auth_principal_name')) STORED,
  ADD COLUMN run_id text GENERATED ALWAYS AS (control_plane.audit_member(event, 'run_id')) STORED,
  ADD COLUMN result_status text NOT NULL GENERATED ALWAYS AS (control_plane.audit_member(event, 'result_status')) STORED,
  ADD COLUMN at timestamptz(3) NOT NULL GENERATED ALWAYS AS (control_plane.audit_moment(event)) STORED,
  ADD COLUMN request_id text GENERATED ALWAYS AS (control_plane.audit_member(event, 'request_id')) STORED,
  ADD COLUMN risk_level text GENERATED ALWAYS AS (control_plane.audit_member(event, 'risk_level')) STORED,
  ADD COLUMN approval_ref_kind text GENERATED ALWAYS AS (control_plane.audit_json(event) -> 'approval_ref' ->> 'kind') STORED,
  ADD COLUMN approval_ref_id text GENERATED ALWAYS AS (control_plane.audit_json(event) -> 'approval_ref' ->> 'id') STORED,
  ADD COLUMN approval_ref_no bigint GENERATED ALWAYS AS ((control_plane.audit_json(event) ->> 'approval_ref_no')::bigint) STORED;
--> statement-breakpoint
CREATE INDEX audit_event_run ON control_plane.audit_event (run_id, seq) WHERE run_id IS NOT NULL;
--> statement-breakpoint
CREATE INDEX audit_event_approval_ref ON control_plane.audit_event (approval_ref_id, seq) WHERE approval_ref_id IS NOT NULL;
--> statement-breakpoint
-- How many events there are about one thing can be said of any one of them: none is numbered twice.
CREATE UNIQUE INDEX audit_event_approval_ref_no ON control_plane.audit_event (approval_ref_id, approval_ref_kind, approval_ref_no)
  WHERE approval_ref_no IS NOT NULL;
--> statement-breakpoint
CREATE INDEX audit_event_type ON control_plane.audit_event (event_type, seq);
--> statement-breakpoint
CREATE INDEX audit_event_principal ON control_plane.audit_event (auth_principal_id, seq);
--> statement-breakpoint
-- People write names as they come.
CREATE INDEX audit_event_principal_name ON control_plane.audit_event (lower(auth_principal_name), seq);
--> statement-breakpoint
CREATE INDEX audit_event_result ON control_plane.audit_event (result_status, seq);
--> statement-breakpoint
CREATE INDEX audit_event_request ON control_plane.audit_event (request_id, seq) WHERE request_id IS NOT NULL;
--> statement-breakpoint
CREATE INDEX audit_event_risk ON control_plane.audit_event (risk_level, seq) WHERE risk_level IS NOT NULL;
--> statement-breakpoint
CREATE INDEX audit_event_at ON control_plane.audit_event (at, seq);
--> statement-breakpoint
-- As before, by the text: columns that are made of it have no value yet when this runs. And while a signed checkpoint says that the log was longer,
-- or other, nothing is added to what is left of it.
CREATE OR REPLACE FUNCTION control_plane.advance_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said_at timestamptz := control_plane.audit_moment(NEW.event);
  stopping bigint;
BEGIN
  -- Later than any other for ever, and no moment that a page could show.
  IF NOT isfinite(said_at) THEN
    RAISE EXCEPTION 'audit event % has no moment', NEW.seq USING ERRCODE = 'restrict_violation';
  END IF;
  UPDATE control_plane.audit_head SET seq = NEW.seq, hash = NEW.hash,
    latest_at = CASE WHEN control_plane.audit_member(NEW.event, 'event_type') = 'clock.accepted' THEN said_at ELSE greatest(latest_at, said_at) END
    WHERE id = 1 AND seq = NEW.seq - 1 AND hash = NEW.prev;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'audit event % does not follow the head', NEW.seq USING ERRCODE = 'restrict_violation';
  END IF;
  -- With the head locked: a checkpoint that is stored at this moment is waited for.
  stopping := control_plane.find_stopping_checkpoint();
  IF stopping IS NOT NULL THEN
    RAISE EXCEPTION 'audit event % refused: the log does not hold against checkpoint %', NEW.seq, stopping USING ERRCODE = 'RB001';
  END IF;
  RETURN NEW;
END $$;
