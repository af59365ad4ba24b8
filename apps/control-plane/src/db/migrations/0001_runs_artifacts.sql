-- Runs, tiers, phases, usage and artifacts. The run row carries what a list shows (counters, phase states, waiting
-- actions); every write that changes a phase or an action of the run keeps it right in the same transaction.
CREATE TABLE control_plane.run (
  run_id text COLLATE "C" PRIMARY KEY CHECK (run_id ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}$'),
  executor_id text NOT NULL REFERENCES control_plane.executor (executor_id),
  owner_operator_id text REFERENCES control_plane.operator (operator_id),
  started_by text,
  name text NOT NULL,
  name_sort text COLLATE "C" NOT NULL,
  search_text text COLLATE "C" NOT NULL,
  start_sha256 text NOT NULL,
  safety_profile text NOT NULL,
  run_scope text NOT NULL,
  token_cap bigint CHECK (token_cap > 0),
  max_phases bigint CHECK (max_phases > 0),
  max_duration_minutes bigint CHECK (max_duration_minutes > 0),
  uses_model boolean NOT NULL,
  state text NOT NULL CHECK (state IN ('queued', 'running', 'waiting', 'done', 'failed', 'stopped')),
  -- What needs a person most comes first when sorted downwards.
  state_rank smallint NOT NULL GENERATED ALWAYS AS (
    CASE state WHEN 'waiting' THEN 6 WHEN 'failed' THEN 5 WHEN 'running' THEN 4 WHEN 'queued' THEN 3 WHEN 'stopped' THEN 2 ELSE 1 END
  ) STORED,
  phases_total integer NOT NULL CHECK (phases_total >= 0),
  phases_queued integer NOT NULL CHECK (phases_queued >= 0),
  phases_completed integer NOT NULL DEFAULT 0 CHECK (phases_completed >= 0),
  phases_skipped integer NOT NULL DEFAULT 0 CHECK (phases_skipped >= 0),
  phases_failed integer NOT NULL DEFAULT 0 CHECK (phases_failed >= 0),
  phase_states text NOT NULL CHECK (phase_states ~ '^[QEGICFS]{0,60}$'),
  current_phase_name text,
  actions_waiting integer NOT NULL DEFAULT 0 CHECK (actions_waiting >= 0),
  tokens_used bigint NOT NULL DEFAULT 0 CHECK (tokens_used >= 0),
  cpu_ms bigint NOT NULL DEFAULT 0 CHECK (cpu_ms >= 0),
  bytes_read bigint NOT NULL DEFAULT 0 CHECK (bytes_read >= 0),
  bytes_written bigint NOT NULL DEFAULT 0 CHECK (bytes_written >= 0),
  artifacts_count integer NOT NULL DEFAULT 0 CHECK (artifacts_count >= 0),
  artifacts_size_bytes bigint NOT NULL DEFAULT 0 CHECK (artifacts_size_bytes >= 0),
  created_at timestamptz(3) NOT NULL,
  started_at timestamptz(3),
  completed_at timestamptz(3),
  heard_at timestamptz(3) NOT NULL,
  heartbeat_at timestamptz(3),
  heartbeat_note text,
  heartbeat_event_at timestamptz(3),
  heartbeat_unannounced boolean NOT NULL DEFAULT false,
  failure_reason text,
  version integer NOT NULL DEFAULT 1,
  CHECK (phases_queued + phases_completed + phases_skipped + phases_failed <= phases_total),
  CHECK ((completed_at IS NOT NULL) = (state IN ('done', 'failed', 'stopped')))
) WITH (fillfactor = 85);
--> statement-breakpoint
-- Plain ascending indexes: they are read backwards for "newest first". What canSee looks at is included, so that
-- counting needs no table rows. heard_at is in no index on purpose: a heartbeat stays a HOT update.
CREATE INDEX run_created ON control_plane.run (created_at, run_id) INCLUDE (executor_id, owner_operator_id);
--> statement-breakpoint
CREATE INDEX run_state ON control_plane.run (state_rank, created_at, run_id) INCLUDE (executor_id, owner_operator_id);
--> statement-breakpoint
CREATE INDEX run_name ON control_plane.run (name_sort, run_id) INCLUDE (executor_id, owner_operator_id);
--> statement-breakpoint
CREATE INDEX run_executor ON control_plane.run (executor_id, created_at, run_id) INCLUDE (owner_operator_id);
--> statement-breakpoint
CREATE INDEX run_owner ON control_plane.run (owner_operator_id, created_at, run_id) INCLUDE (executor_id);
--> statement-breakpoint
CREATE INDEX run_needs_human ON control_plane.run (created_at, run_id) INCLUDE (executor_id, owner_operator_id) WHERE actions_waiting > 0;
--> statement-breakpoint
-- Search works without pg_trgm too, only slower: a role that may not create extensions must not stop the start.
DO $$
DECLARE home name;
BEGIN
  BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA control_plane;
  EXCEPTION WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN
    RAISE WARNING 'pg_trgm is not available, run search will be slow: %', SQLERRM;
  END;
  SELECT n.nspname INTO home FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
  IF home IS NOT NULL THEN
    EXECUTE format('CREATE INDEX run_search ON control_plane.run USING gin (search_text %I.gin_trgm_ops)', home);
  END IF;
END $$;
--> statement-breakpoint
CREATE TABLE control_plane.run_tier (
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  run_id text COLLATE "C" NOT NULL REFERENCES control_plane.run (run_id),
  tier_id text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  tier_index bigint NOT NULL,
  name text NOT NULL,
  description text,
  PRIMARY KEY (run_id, tier_id)
);
--> statement-breakpoint
CREATE TABLE control_plane.run_phase (
  id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
  run_id text COLLATE "C" NOT NULL,
  phase_id text COLLATE "C" NOT NULL,
  tier_id text COLLATE "C" NOT NULL,
  position integer NOT NULL,
  phase_index bigint NOT NULL,
  name text NOT NULL,
  description text,
  task_category text,
  complexity text,
  builder_mode text,
  state text NOT NULL CHECK (state IN ('QUEUED', 'EXECUTING', 'GATE', 'CI_RUNNING', 'COMPLETE', 'FAILED', 'SKIPPED')),
  attempts bigint NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  tokens_used bigint NOT NULL DEFAULT 0 CHECK (tokens_used >= 0),
  cpu_ms bigint NOT NULL DEFAULT 0 CHECK (cpu_ms >= 0),
  progress_done bigint,
  progress_of bigint,
  started_at timestamptz(3),
  completed_at timestamptz(3),
  failure_reason text,
  PRIMARY KEY (run_id, phase_id),
  FOREIGN KEY (run_id, tier_id) REFERENCES control_plane.run_tier (run_id, tier_id),
  CHECK ((progress_done IS NULL) = (progress_of IS NULL)),
  CHECK ((completed_at IS NOT NULL) = (state IN ('COMPLETE', 'FAILED', 'SKIPPED')))
) WITH (fillfactor = 85);
--> statement-breakpoint
-- Every usage report as it came; the sums on run and phase are what people read.
CREATE TABLE control_plane.run_usage (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text COLLATE "C" NOT NULL REFERENCES control_plane.run (run_id),
  phase_id text COLLATE "C",
  model text,
  tokens bigint CHECK (tokens >= 0),
  cpu_ms bigint NOT NULL CHECK (cpu_ms >= 0),
  bytes_read bigint NOT NULL CHECK (bytes_read >= 0),
  bytes_written bigint NOT NULL CHECK (bytes_written >= 0),
  reported_at timestamptz(3) NOT NULL,
  FOREIGN KEY (run_id, phase_id) REFERENCES control_plane.run_phase (run_id, phase_id)
);
--> statement-breakpoint
CREATE INDEX run_usage_run ON control_plane.run_usage (run_id, id);
--> statement-breakpoint
-- One row a version. The name is metadata: bytes are found by their hash alone.
CREATE TABLE control_plane.artifact (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id text COLLATE "C" NOT NULL REFERENCES control_plane.run (run_id),
  path text COLLATE "C" NOT NULL CHECK (char_length(path) BETWEEN 1 AND 500),
  artifact_version integer NOT NULL CHECK (artifact_version >= 1),
  newest boolean NOT NULL,
  phase_id text COLLATE "C",
  sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  size_bytes bigint NOT NULL CHECK (size_bytes >= 0),
  media_type text NOT NULL,
  shown_as text NOT NULL CHECK (shown_as IN ('text', 'image', 'download')),
  uploaded_at timestamptz(3) NOT NULL,
  -- Of the redacted text; all null for what is not text.
  redacted_sha256 text CHECK (redacted_sha256 ~ '^[0-9a-f]{64}$'),
  redacted_size_bytes bigint,
  -- Line feeds before each whole MiB of the redacted text.
  line_marks jsonb,
  redaction_count integer,
  redactions_by_rule jsonb,
  rules_version text,
  encoding text CHECK (encoding IN ('utf-8', 'utf-8-with-replacements')),
  withheld boolean NOT NULL DEFAULT false,
  UNIQUE (run_id, path, artifact_version),
  FOREIGN KEY (run_id, phase_id) REFERENCES control_plane.run_phase (run_id, phase_id),
  CHECK ((shown_as = 'text') = (rules_version IS NOT NULL)),
  CHECK ((redacted_sha256 IS NOT NULL) = (shown_as = 'text' AND NOT withheld)),
  CHECK ((redacted_sha256 IS NULL) = (redacted_size_bytes IS NULL) AND (redacted_sha256 IS NULL) = (line_marks IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX artifact_newest ON control_plane.artifact (run_id, path) WHERE newest;
