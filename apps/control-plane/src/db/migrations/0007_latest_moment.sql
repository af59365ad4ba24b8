-- The latest moment that the log ever had: one event that was written under a clock that was moved back must not hide it.
ALTER TABLE control_plane.audit_head ADD COLUMN latest_at timestamptz(3);
--> statement-breakpoint
ALTER TABLE control_plane.audit_head DISABLE TRIGGER audit_head_follows;
--> statement-breakpoint
UPDATE control_plane.audit_head SET latest_at = (SELECT max(at) FROM control_plane.audit_event);
--> statement-breakpoint
ALTER TABLE control_plane.audit_head ENABLE TRIGGER audit_head_follows;
--> statement-breakpoint
-- As before, and the latest moment with it. Only clock.accepted sets that back, so whoever does it is in the log (docs/decisions/0022).
CREATE OR REPLACE FUNCTION control_plane.advance_audit_head() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE control_plane.audit_head SET seq = NEW.seq, hash = NEW.hash,
    latest_at = CASE WHEN NEW.event_type = 'clock.accepted' THEN NEW.at ELSE greatest(latest_at, NEW.at) END
    WHERE id = 1 AND seq = NEW.seq - 1 AND hash = NEW.prev;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'audit event % does not follow the head', NEW.seq USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
