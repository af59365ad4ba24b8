-- What the query language of the audit log asks for by itself. Generated: it is what the event says, whoever wrote it. A text with a NUL
-- has no jsonb form; none is written, and one would be found by its words alone.
CREATE FUNCTION control_plane.audit_member(event text, member text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE WHEN strpos(event, '\u0000') = 0 THEN event::jsonb ->> member END;
--> statement-breakpoint
ALTER TABLE control_plane.audit_event
  ADD COLUMN request_id text GENERATED ALWAYS AS (control_plane.audit_member(event, 'request_id')) STORED,
  ADD COLUMN risk_level text GENERATED ALWAYS AS (control_plane.audit_member(event, 'risk_level')) STORED;
--> statement-breakpoint
CREATE INDEX audit_event_request ON control_plane.audit_event (request_id, seq) WHERE request_id IS NOT NULL;
--> statement-breakpoint
CREATE INDEX audit_event_risk ON control_plane.audit_event (risk_level, seq) WHERE risk_level IS NOT NULL;
--> statement-breakpoint
CREATE INDEX audit_event_at ON control_plane.audit_event (at, seq);
--> statement-breakpoint
-- People write names as they come.
DROP INDEX control_plane.audit_event_principal_name;
--> statement-breakpoint
CREATE INDEX audit_event_principal_name ON control_plane.audit_event (lower(auth_principal_name), seq);
