-- Who asked for a run is what its executor says, and people spell names as they like. Compared as the console compares a name at sign-in
-- (packages/server-kit/src/fold-name.ts): what cannot be seen is left out, compatibility forms and case make no difference. Where the locale of
-- the database knows letters of ASCII only, capitals of others differ here; the application, which asks first, does not depend on it.
CREATE FUNCTION control_plane.fold_name(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT lower(regexp_replace(normalize(
    regexp_replace(said, '[\u00AD\u0600-\u0605\u061C\u06DD\u070F\u0890-\u0891\u08E2\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF\uFFF9-\uFFFB\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0001\U000E0020-\U000E007F]', '', 'g'),
    NFKC), '^[\u0009-\u000D\u0020\u1680\u2028\u2029]+|[\u0009-\u000D\u0020\u1680\u2028\u2029]+$', '', 'g'))
$$;
--> statement-breakpoint
-- False where nobody is named: it may only exclude.
CREATE FUNCTION control_plane.is_initiator(started_by text, operator_id text, name text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(control_plane.fold_name(started_by) IN (control_plane.fold_name(operator_id), control_plane.fold_name(name)), false)
$$;
--> statement-breakpoint
-- Beside what 0008 and 0011 refuse, which compare letter by letter: `alone` is the mark of the only approver, here as there.
CREATE FUNCTION control_plane.approves_own(of_run text, by_operator text, alone boolean) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM control_plane.run r, control_plane.operator o
      WHERE r.run_id = of_run AND o.operator_id = by_operator AND control_plane.is_initiator(r.started_by, o.operator_id, o.name))
    AND NOT (alone AND 1 = (SELECT count(*) FROM control_plane.operator o WHERE o.enabled AND o.role IN ('approver', 'admin')))
$$;
--> statement-breakpoint
CREATE FUNCTION control_plane.refuse_own_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF control_plane.approves_own(
    (SELECT a.run_id FROM control_plane.external_action a WHERE a.action_id = NEW.action_id), NEW.operator_id, NEW.sole_operator)
  THEN RAISE EXCEPTION 'nobody approves their own request' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- After `guard`, which locks the action and the person.
CREATE TRIGGER not_own BEFORE INSERT ON control_plane.decision
  FOR EACH ROW WHEN (NEW.kind = 'approve') EXECUTE FUNCTION control_plane.refuse_own_decision();
--> statement-breakpoint
CREATE FUNCTION control_plane.refuse_own_request_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF control_plane.approves_own(
    (SELECT r.known_run_id FROM control_plane.request r WHERE r.request_id = NEW.request_id), NEW.operator_id, NEW.sole_operator)
  THEN RAISE EXCEPTION 'nobody approves their own request' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER not_own BEFORE INSERT ON control_plane.request_decision
  FOR EACH ROW WHEN (NEW.kind = 'approve') EXECUTE FUNCTION control_plane.refuse_own_request_decision();
