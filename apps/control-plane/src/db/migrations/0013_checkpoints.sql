-- Signed checkpoints of the audit log, and the tree they sign (docs/evidence.md, docs/decisions/0027).

-- Complete subtrees of the Merkle tree (RFC 9162, 2.1.1) whose leaves are the hashes of the entries, from 256 leaves up: a root or a proof needs at
-- most 256 entries and one row a level. Row (level, no) is over the leaves no * 2^level up to (no + 1) * 2^level - 1; leaf 0 is the entry with seq 1.
CREATE TABLE control_plane.audit_subtree (
  level integer NOT NULL CHECK (level BETWEEN 8 AND 52),
  no bigint NOT NULL CHECK (no >= 0),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (level, no)
);
--> statement-breakpoint
-- The complete subtrees over the entries first_seq to last_seq (at most 256 of them, first_seq - 1 a multiple of 256), largest first.
CREATE FUNCTION control_plane.audit_leaf_nodes(first_seq bigint, last_seq bigint) RETURNS bytea[] LANGUAGE plpgsql STABLE AS $$
DECLARE
  nodes bytea[] := '{}';
  node bytea;
  taken bigint := 0;
  rest bigint;
BEGIN
  FOR node IN SELECT sha256('\x00'::bytea || e.hash) FROM control_plane.audit_event e WHERE e.seq BETWEEN first_seq AND last_seq ORDER BY e.seq LOOP
    rest := taken;
    WHILE rest % 2 = 1 LOOP
      node := sha256('\x01'::bytea || nodes[cardinality(nodes)] || node);
      nodes := nodes[1:cardinality(nodes) - 1];
      rest := rest / 2;
    END LOOP;
    nodes := nodes || node;
    taken := taken + 1;
  END LOOP;
  IF taken <> last_seq - first_seq + 1 THEN
    RAISE EXCEPTION 'the audit log has % entries from % to %', taken, first_seq, last_seq USING ERRCODE = 'data_corrupted';
  END IF;
  RETURN nodes;
END $$;
--> statement-breakpoint
-- The root over the first `size` entries.
CREATE FUNCTION control_plane.audit_tree_root(size bigint) RETURNS bytea LANGUAGE plpgsql STABLE AS $$
DECLARE
  nodes bytea[] := '{}';
  node bytea;
  root bytea;
  taken bigint := 0;
BEGIN
  FOR at_level IN REVERSE 52..8 LOOP
    CONTINUE WHEN size - taken < 1::bigint << at_level;
    SELECT s.hash INTO node FROM control_plane.audit_subtree s WHERE s.level = at_level AND s.no = taken >> at_level;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'the audit log has no subtree of level % at %', at_level, taken USING ERRCODE = 'data_corrupted';
    END IF;
    nodes := nodes || node;
    taken := taken + (1::bigint << at_level);
  END LOOP;
  IF taken < size THEN
    nodes := nodes || control_plane.audit_leaf_nodes(taken + 1, size);
  END IF;
  FOR at IN REVERSE cardinality(nodes)..1 LOOP
    root := CASE WHEN root IS NULL THEN nodes[at] ELSE sha256('\x01'::bytea || nodes[at] || root) END;
  END LOOP;
  RETURN root;
END $$;
--> statement-breakpoint
-- Adds the subtree that ends with the entry `last_seq`, a multiple of 256, and each larger one that it completes.
CREATE FUNCTION control_plane.add_audit_subtrees(last_seq bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  node bytea := (control_plane.audit_leaf_nodes(last_seq - 255, last_seq))[1];
  at_level integer := 8;
  at_no bigint := last_seq / 256 - 1;
  left_node bytea;
BEGIN
  LOOP
    INSERT INTO control_plane.audit_subtree (level, no, hash) VALUES (at_level, at_no, node);
    EXIT WHEN at_no % 2 = 0;
    SELECT s.hash INTO STRICT left_node FROM control_plane.audit_subtree s WHERE s.level = at_level AND s.no = at_no - 1;
    node := sha256('\x01'::bytea || left_node || node);
    at_level := at_level + 1;
    at_no := at_no / 2;
  END LOOP;
END $$;
--> statement-breakpoint
SELECT control_plane.add_audit_subtrees(seq * 256) FROM generate_series(1, (SELECT head.seq / 256 FROM control_plane.audit_head head)) AS seq;
--> statement-breakpoint
-- The tree grows with the log, in the same transaction, whoever appends; with the rights of the owner, since nobody else may.
CREATE FUNCTION control_plane.grow_audit_tree() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM control_plane.add_audit_subtrees(NEW.seq);
  RETURN NULL;
END $$;
--> statement-breakpoint
REVOKE ALL ON FUNCTION control_plane.grow_audit_tree() FROM PUBLIC;
--> statement-breakpoint
CREATE TRIGGER audit_event_grows_tree AFTER INSERT ON control_plane.audit_event
  FOR EACH ROW WHEN (NEW.seq % 256 = 0) EXECUTE FUNCTION control_plane.grow_audit_tree();
--> statement-breakpoint
CREATE FUNCTION control_plane.refuse_subtree_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Depth 2 is the insertion of an event; anything else is somebody growing the tree by hand.
  IF pg_trigger_depth() >= 2 THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit_subtree follows audit_event: % refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_subtree_follows BEFORE INSERT ON control_plane.audit_subtree
  FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_subtree_by_hand();
--> statement-breakpoint
CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.audit_subtree
  FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON control_plane.audit_subtree
  FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
-- Every key that ever signed a checkpoint that was believed here; kept when the configuration names it no more.
CREATE TABLE control_plane.checkpoint_key (
  key_id text PRIMARY KEY CHECK (key_id ~ '^[0-9a-f]{8}$'),
  no bigint GENERATED ALWAYS AS IDENTITY,
  verifier_key text NOT NULL UNIQUE,
  added_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
--> statement-breakpoint
-- The old key is not believed above `size`. A key is followed once, and follows once.
CREATE TABLE control_plane.checkpoint_rotation (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  size bigint NOT NULL CHECK (size >= 1),
  old_key_id text NOT NULL UNIQUE REFERENCES control_plane.checkpoint_key,
  new_key_id text NOT NULL UNIQUE REFERENCES control_plane.checkpoint_key,
  note text NOT NULL UNIQUE CHECK (octet_length(note) <= 2000),
  received_at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  CHECK (old_key_id <> new_key_id)
);
--> statement-breakpoint
-- An index on the notes themselves would be as large as they are. `convert_to` depends on the encoding of the database, which never changes.
CREATE FUNCTION control_plane.note_digest(note text) RETURNS bytea LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
  AS $$ SELECT pg_catalog.sha256(pg_catalog.convert_to(note, 'UTF8')) $$;
--> statement-breakpoint
CREATE TABLE control_plane.audit_checkpoint (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  size bigint NOT NULL CHECK (size >= 1),
  head bytea NOT NULL CHECK (octet_length(head) = 32),
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  -- By the clock of the checkpoint writer.
  signed_at timestamptz(3) NOT NULL,
  key_id text NOT NULL REFERENCES control_plane.checkpoint_key,
  note text NOT NULL CHECK (octet_length(note) <= 2000),
  -- How the log stood to it when it came; what the application says is not asked.
  standing text NOT NULL CHECK (standing IN ('holds', 'ahead', 'disagrees')),
  received_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
--> statement-breakpoint
CREATE UNIQUE INDEX audit_checkpoint_note ON control_plane.audit_checkpoint (control_plane.note_digest(note));
--> statement-breakpoint
-- The newest one that holds: asked with every status.
CREATE INDEX audit_checkpoint_holds ON control_plane.audit_checkpoint (no) WHERE standing = 'holds';
--> statement-breakpoint
CREATE INDEX audit_checkpoint_stops ON control_plane.audit_checkpoint (no) WHERE standing <> 'holds';
--> statement-breakpoint
-- A database that was restored on purpose: what was signed of the log that is gone stops nobody any more. Never without its entry in the log.
CREATE TABLE control_plane.audit_restore (
  no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- Every checkpoint up to this one that the log does not hold against is given up: a trigger says which was the newest.
  through_no bigint NOT NULL REFERENCES control_plane.audit_checkpoint,
  -- What had stopped it, by the same trigger.
  stopping_no bigint NOT NULL REFERENCES control_plane.audit_checkpoint,
  event_seq bigint NOT NULL UNIQUE,
  accepted_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
);
--> statement-breakpoint
-- What the checkpoint writer last said of itself; one row, no evidence.
CREATE TABLE control_plane.checkpoint_problem (
  id integer PRIMARY KEY CHECK (id = 1),
  problem text NOT NULL,
  reported_at timestamptz(3) NOT NULL
);
--> statement-breakpoint
CREATE FUNCTION control_plane.weigh_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found_hash bytea;
BEGIN
  -- Whoever appends waits, and then sees this checkpoint.
  PERFORM FROM control_plane.audit_head WHERE id = 1 FOR UPDATE;
  SELECT e.hash INTO found_hash FROM control_plane.audit_event e WHERE e.seq = NEW.size;
  BEGIN
    NEW.standing := CASE
      WHEN found_hash IS NULL THEN 'ahead'
      WHEN found_hash <> NEW.head OR control_plane.audit_tree_root(NEW.size) <> NEW.root THEN 'disagrees'
      ELSE 'holds'
    END;
  EXCEPTION WHEN data_corrupted THEN
    -- Entries or subtrees below it are missing: that is no log that holds, and not a reason to go on writing.
    NEW.standing := 'disagrees';
  END;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_checkpoint_weighed BEFORE INSERT ON control_plane.audit_checkpoint
  FOR EACH ROW EXECUTE FUNCTION control_plane.weigh_checkpoint();
--> statement-breakpoint
-- The newest checkpoint that the log does not hold against and that was not given up; null: writing goes on. Asked of the log as it is now, too:
-- entries below a checkpoint that held may be gone.
CREATE FUNCTION control_plane.find_stopping_checkpoint() RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  given_up bigint := coalesce((SELECT max(r.through_no) FROM control_plane.audit_restore r), 0);
  stopping bigint;
BEGIN
  SELECT c.no INTO stopping FROM control_plane.audit_checkpoint c WHERE c.no > given_up AND c.standing <> 'holds' ORDER BY c.no DESC LIMIT 1;
  IF NOT FOUND THEN
    SELECT c.no INTO stopping
      FROM (SELECT * FROM control_plane.audit_checkpoint l WHERE l.no > given_up ORDER BY l.no DESC LIMIT 1) c
      WHERE NOT EXISTS (SELECT FROM control_plane.audit_event e WHERE e.seq = c.size AND e.hash = c.head);
  END IF;
  RETURN stopping;
END $$;
--> statement-breakpoint
-- What is given up is not the application's to say: everything that was signed so far, and only while something of it stops the log.
CREATE FUNCTION control_plane.give_checkpoints_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- Whoever stores a checkpoint at this moment waits, and theirs is not given up.
  PERFORM FROM control_plane.audit_head WHERE id = 1 FOR UPDATE;
  NEW.stopping_no := control_plane.find_stopping_checkpoint();
  IF NEW.stopping_no IS NULL THEN
    RAISE EXCEPTION 'no checkpoint stops the log: there is none to give up' USING ERRCODE = 'restrict_violation';
  END IF;
  NEW.through_no := (SELECT max(c.no) FROM control_plane.audit_checkpoint c);
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER audit_restore_gives_up BEFORE INSERT ON control_plane.audit_restore
  FOR EACH ROW EXECUTE FUNCTION control_plane.give_checkpoints_up();
--> statement-breakpoint
-- Its entry is the last of the log, in the same transaction; its text says that it is one, and which signed head is given up.
CREATE FUNCTION control_plane.require_restored_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM control_plane.audit_event e, control_plane.audit_checkpoint c, control_plane.audit_head h
      WHERE e.seq = NEW.event_seq AND h.id = 1 AND h.seq = e.seq AND c.no = NEW.stopping_no
        AND control_plane.audit_member(e.event, 'event_type') = 'audit.restored'
        AND strpos(control_plane.audit_member(e.event, 'payload_summary'), encode(c.head, 'hex')) > 0)
  THEN
    RAISE EXCEPTION 'checkpoints are given up only with an audit.restored in the log that names the head' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER audit_restore_in_log AFTER INSERT ON control_plane.audit_restore
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION control_plane.require_restored_event();
--> statement-breakpoint
CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.audit_checkpoint
  FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON control_plane.audit_checkpoint
  FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.checkpoint_key
  FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON control_plane.checkpoint_key
  FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.checkpoint_rotation
  FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON control_plane.checkpoint_rotation
  FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_row BEFORE UPDATE OR DELETE ON control_plane.audit_restore
  FOR EACH ROW EXECUTE FUNCTION control_plane.refuse_change();
--> statement-breakpoint
CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON control_plane.audit_restore
  FOR EACH STATEMENT EXECUTE FUNCTION control_plane.refuse_change();
