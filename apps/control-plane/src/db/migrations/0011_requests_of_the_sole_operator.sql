-- The only enabled approver approves a request of their own where the deployment lets them, marked, as they do an external action (see 0008).

ALTER TABLE control_plane.request_decision
  ADD COLUMN sole_operator boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT request_decision_alone_approves CHECK (NOT sole_operator OR (kind = 'approve' AND decided_by = 'people'));
--> statement-breakpoint
-- As in 0009, but for whoever is alone.
CREATE OR REPLACE FUNCTION control_plane.guard_request_decision() RETURNS trigger LANGUAGE plpgsql AS $$
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
     AND NOT (NEW.sole_operator
       AND 1 = (SELECT count(*) FROM control_plane.operator o WHERE o.enabled AND o.role IN ('approver', 'admin')))
  THEN RAISE EXCEPTION 'nobody approves their own request' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
