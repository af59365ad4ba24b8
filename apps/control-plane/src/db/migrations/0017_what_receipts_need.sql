-- What a receipt of an old action needs: the words of its description as they were, and who vouched for the keys that signed it.

-- Every description that a revision was ever proposed under, by its hash.
CREATE TABLE control_plane.descriptor_text (
  sha256 bytea PRIMARY KEY,
  -- Canonical JSON.
  descriptor text NOT NULL,
  kept_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT descriptor_text_hash_holds CHECK (sha256 = sha256(convert_to(descriptor, 'UTF8')))
);
--> statement-breakpoint
CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.descriptor_text
  FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON control_plane.descriptor_text
  FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
-- Null in passkeys of earlier versions, whose receipts cannot be made. endorsed_by null: the first of a person, or the first after a reset.
ALTER TABLE control_plane.passkey
  ADD COLUMN rp_id text,
  ADD COLUMN origin text,
  ADD COLUMN endorsed_by text UNIQUE REFERENCES control_plane.signed_act (signed_act_id);
--> statement-breakpoint
CREATE OR REPLACE FUNCTION control_plane.guard_passkey() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.removed_at IS NOT NULL THEN RAISE EXCEPTION 'a passkey that was removed stays so' USING ERRCODE = '42501'; END IF;
  IF (NEW.credential_id, NEW.operator_id, NEW.public_key, NEW.algorithm, NEW.attestation_object, NEW.client_data, NEW.created_at,
      NEW.rp_id, NEW.origin, NEW.endorsed_by)
     IS DISTINCT FROM (OLD.credential_id, OLD.operator_id, OLD.public_key, OLD.algorithm, OLD.attestation_object, OLD.client_data, OLD.created_at,
      OLD.rp_id, OLD.origin, OLD.endorsed_by)
     OR NEW.counter < OLD.counter
  THEN RAISE EXCEPTION 'whose key it is, and which, never changes' USING ERRCODE = '42501'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
-- A further passkey is one that a passkey of the same person signed for.
CREATE FUNCTION control_plane.guard_new_passkey() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.endorsed_by IS NULL THEN
    IF EXISTS (SELECT FROM control_plane.passkey p WHERE p.operator_id = NEW.operator_id AND p.removed_at IS NULL)
    THEN RAISE EXCEPTION 'a further passkey is endorsed by one there is' USING ERRCODE = '23514'; END IF;
  ELSIF NOT EXISTS (
    SELECT FROM control_plane.signed_act a
      WHERE a.signed_act_id = NEW.endorsed_by AND a.operator_id = NEW.operator_id AND a.purpose = 'passkey_add')
  THEN RAISE EXCEPTION 'what endorses a passkey is signed by the same person, for that' USING ERRCODE = '23514'; END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER guard_new BEFORE INSERT ON control_plane.passkey FOR EACH ROW EXECUTE FUNCTION control_plane.guard_new_passkey();
