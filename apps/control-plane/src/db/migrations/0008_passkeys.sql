-- Passkeys, the challenges they sign, and what was signed. Who a person is stays here: no other process can enrol a key.

ALTER TABLE control_plane.operator
  -- While this lasts, somebody without a passkey may make the first one; null: not without an admin.
  ADD COLUMN may_enrol_until timestamptz(3),
  -- What their passkeys signed until then may not have been theirs, whoever took which out of use; null: nobody ever reset them.
  ADD COLUMN passkeys_reset_at timestamptz(3),
  -- Told to the person: somebody else took their keys out of use. Null with a moment: whoever runs the server.
  ADD COLUMN passkeys_reset_by text REFERENCES control_plane.operator (operator_id),
  ADD COLUMN passkeys_reset_reason text,
  ADD CONSTRAINT reset_has_a_reason CHECK ((passkeys_reset_at IS NULL) = (passkeys_reset_reason IS NULL));
--> statement-breakpoint

-- A nonce for one act of one person; operator_id null: for signing in, before anybody is known.
CREATE TABLE control_plane.challenge (
  -- Of the nonce; the nonce itself is not stored.
  nonce_sha256 bytea PRIMARY KEY CHECK (octet_length(nonce_sha256) = 32),
  purpose text NOT NULL CHECK (length(purpose) BETWEEN 1 AND 40),
  -- Canonical JSON: what the act has to be about.
  subject text NOT NULL CHECK (length(subject) <= 4000),
  operator_id text REFERENCES control_plane.operator (operator_id),
  created_at timestamptz(3) NOT NULL,
  expires_at timestamptz(3) NOT NULL CHECK (expires_at > created_at AND expires_at <= created_at + interval '120 seconds'),
  used_at timestamptz(3),
  CONSTRAINT nobody_only_signs_in CHECK ((operator_id IS NULL) = (purpose = 'sign_in')),
  CONSTRAINT used_in_time CHECK (used_at < expires_at)
);
--> statement-breakpoint
CREATE INDEX challenge_expires ON control_plane.challenge (expires_at);
--> statement-breakpoint
CREATE FUNCTION control_plane.guard_challenge() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.used_at IS NOT NULL THEN RAISE EXCEPTION 'a challenge is used once' USING ERRCODE = '42501'; END IF;
  IF (to_jsonb(NEW) - 'used_at') IS DISTINCT FROM (to_jsonb(OLD) - 'used_at')
  THEN RAISE EXCEPTION 'what a challenge is about never changes' USING ERRCODE = '42501'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE UPDATE ON control_plane.challenge FOR EACH ROW EXECUTE FUNCTION control_plane.guard_challenge();
--> statement-breakpoint

CREATE TABLE control_plane.passkey (
  -- base64url, as WebAuthn's JSON has it.
  credential_id text PRIMARY KEY CHECK (credential_id ~ '^[A-Za-z0-9_-]+$' AND length(credential_id) <= 1364),
  operator_id text NOT NULL REFERENCES control_plane.operator (operator_id),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  -- COSE_Key (RFC 9052).
  public_key bytea NOT NULL,
  algorithm integer NOT NULL CHECK (algorithm IN (-7, -8, -257)),
  counter bigint NOT NULL CHECK (counter >= 0),
  transports text[] NOT NULL,
  backed_up boolean NOT NULL,
  -- The ceremony as it came in, for whoever wants to check it again.
  attestation_object bytea NOT NULL,
  client_data bytea NOT NULL,
  created_at timestamptz(3) NOT NULL,
  last_used_at timestamptz(3),
  removed_at timestamptz(3),
  -- Who took it out of use: the person, or an admin.
  removed_by text REFERENCES control_plane.operator (operator_id),
  CONSTRAINT removed_whole_or_not CHECK ((removed_at IS NULL) = (removed_by IS NULL))
);
--> statement-breakpoint
CREATE INDEX passkey_operator ON control_plane.passkey (operator_id) WHERE removed_at IS NULL;
--> statement-breakpoint
CREATE FUNCTION control_plane.guard_passkey() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.removed_at IS NOT NULL THEN RAISE EXCEPTION 'a passkey that was removed stays so' USING ERRCODE = '42501'; END IF;
  IF (NEW.credential_id, NEW.operator_id, NEW.public_key, NEW.algorithm, NEW.attestation_object, NEW.client_data, NEW.created_at)
     IS DISTINCT FROM (OLD.credential_id, OLD.operator_id, OLD.public_key, OLD.algorithm, OLD.attestation_object, OLD.client_data, OLD.created_at)
     OR NEW.counter < OLD.counter
  THEN RAISE EXCEPTION 'whose key it is, and which, never changes' USING ERRCODE = '42501'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE UPDATE ON control_plane.passkey FOR EACH ROW EXECUTE FUNCTION control_plane.guard_passkey();
--> statement-breakpoint

-- Every statement that a passkey signed and that was believed, with all that it takes to check it again.
CREATE TABLE control_plane.signed_act (
  signed_act_id text PRIMARY KEY CHECK (signed_act_id ~ '^sig_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  purpose text NOT NULL,
  operator_id text NOT NULL REFERENCES control_plane.operator (operator_id),
  credential_id text NOT NULL REFERENCES control_plane.passkey (credential_id),
  -- A challenge is believed once.
  nonce_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(nonce_sha256) = 32),
  -- UTF-8, exactly as signed.
  statement bytea NOT NULL,
  authenticator_data bytea NOT NULL,
  client_data bytea NOT NULL,
  signature bytea NOT NULL,
  signed_at timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE FUNCTION control_plane.guard_signed_act() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM control_plane.passkey p WHERE p.credential_id = NEW.credential_id AND p.operator_id = NEW.operator_id AND p.removed_at IS NULL)
  THEN RAISE EXCEPTION 'a person signs with a passkey of their own that is in use' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard BEFORE INSERT ON control_plane.signed_act FOR EACH ROW EXECUTE FUNCTION control_plane.guard_signed_act();
--> statement-breakpoint

ALTER TABLE control_plane.action_revision
  ADD COLUMN step_up text NOT NULL DEFAULT 'none' CHECK (step_up IN ('passkey', 'preferred', 'none'));
--> statement-breakpoint
ALTER TABLE control_plane.decision
  ADD COLUMN strength text NOT NULL DEFAULT 'session' CHECK (strength IN ('passkey', 'password', 'session')),
  ADD COLUMN sole_operator boolean NOT NULL DEFAULT false,
  ADD COLUMN signed_act_id text UNIQUE REFERENCES control_plane.signed_act (signed_act_id),
  ADD CONSTRAINT decision_signed_by_passkey CHECK ((strength = 'passkey') = (signed_act_id IS NOT NULL)),
  ADD CONSTRAINT decision_alone_approves CHECK (NOT sole_operator OR kind = 'approve');
--> statement-breakpoint

-- An approval that is signed is signed by whoever gave it, about exactly this; one that had to be signed is.
CREATE FUNCTION control_plane.guard_decision_signature() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  act control_plane.signed_act;
  said jsonb;
BEGIN
  IF NEW.signed_act_id IS NULL THEN
    IF NEW.kind = 'approve' AND (
      SELECT r.step_up FROM control_plane.action_revision r WHERE r.action_id = NEW.action_id AND r.revision = NEW.revision) = 'passkey'
    THEN RAISE EXCEPTION 'this revision is approved with a passkey only' USING ERRCODE = '23514'; END IF;
    RETURN NEW;
  END IF;
  SELECT * INTO act FROM control_plane.signed_act s WHERE s.signed_act_id = NEW.signed_act_id;
  said := convert_from(act.statement, 'UTF8')::jsonb;
  IF act.operator_id <> NEW.operator_id OR act.purpose <> 'approve' OR NEW.kind <> 'approve'
     OR said #>> '{approver,sub}' IS DISTINCT FROM NEW.operator_id
     OR said #>> '{action,id}' IS DISTINCT FROM NEW.action_id
     OR said #>> '{action,revision}' IS DISTINCT FROM NEW.revision::text
     OR said #>> '{action,payload_hash}' IS DISTINCT FROM encode(NEW.payload_sha256, 'hex')
     OR said #>> '{display_sha256}' IS DISTINCT FROM encode(NEW.display_sha256, 'hex')
  THEN RAISE EXCEPTION 'the signature is about something else' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard_signature BEFORE INSERT ON control_plane.decision FOR EACH ROW EXECUTE FUNCTION control_plane.guard_decision_signature();
--> statement-breakpoint
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['signed_act'] LOOP
    EXECUTE format('CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.%I
      FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
    EXECUTE format('CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON control_plane.%I
      FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['passkey'] LOOP
    EXECUTE format('CREATE TRIGGER kept_row BEFORE DELETE ON control_plane.%I
      FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
    EXECUTE format('CREATE TRIGGER kept_truncate BEFORE TRUNCATE ON control_plane.%I
      FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_ledger_change()', name);
  END LOOP;
END $$;
--> statement-breakpoint

-- Whether every approval that fills a place of this revision is signed where it has to be, each by a passkey of the person themselves, and after
-- the last reset of their passkeys: what a person removes stood when they signed, what was reset may never have been theirs, and whoever had it
-- may have removed it to make it look like theirs.
CREATE FUNCTION control_plane.is_signed_as_needed(in_action text, in_revision integer) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT NOT EXISTS (
    SELECT FROM control_plane.approval_slot t
      JOIN control_plane.action_revision r USING (action_id, revision)
      JOIN control_plane.decision d USING (decision_id)
      LEFT JOIN control_plane.signed_act s USING (signed_act_id)
      LEFT JOIN control_plane.passkey p USING (credential_id)
      LEFT JOIN control_plane.operator o ON o.operator_id = s.operator_id
    WHERE t.action_id = in_action AND t.revision = in_revision AND (
      (d.signed_act_id IS NULL AND r.step_up = 'passkey')
      OR s.operator_id <> d.operator_id OR p.operator_id <> d.operator_id OR p.removed_by <> p.operator_id
      OR s.signed_at <= o.passkeys_reset_at))
$$;
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
  IF NEW.kind = 'people' AND NOT control_plane.is_signed_as_needed(NEW.action_id, NEW.revision)
  THEN RAISE EXCEPTION 'an approval that has to be signed is not, or not by a passkey that counts' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
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
  IF NOT control_plane.is_signed_as_needed(NEW.action_id, NEW.revision)
  THEN RAISE EXCEPTION 'an approval that has to be signed is not, or not by a passkey that counts' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint

-- As before; the only approver there is may be allowed to approve their own, and the decision says so.
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
       AND NOT (NEW.sole_operator
         AND 1 = (SELECT count(*) FROM control_plane.operator o WHERE o.enabled AND o.role IN ('approver', 'admin')))
    THEN RAISE EXCEPTION 'nobody approves their own request' USING ERRCODE = '23514'; END IF;
    IF EXISTS (SELECT FROM control_plane.decision d WHERE d.action_id = NEW.action_id AND d.revision = NEW.revision AND d.kind = 'ask_change')
    THEN RAISE EXCEPTION 'a revision that somebody wants changed is not approved' USING ERRCODE = '23514'; END IF;
    IF control_plane.is_braked(revision.provider, action.run_id, action.executor_id)
    THEN RAISE EXCEPTION 'nothing is approved under the brake' USING ERRCODE = '23514'; END IF;
  END IF;
  RETURN NEW;
END $$;
