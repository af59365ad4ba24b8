-- Text in other encodings is decoded, so that it can be redacted; what is no text is searched for secrets. Why the bytes of an artifact
-- are kept back is said in one column, for every kind of file. What was stored before this was never searched.
ALTER TABLE control_plane.artifact ADD COLUMN withheld_because text
  CHECK (withheld_because IN ('redaction_failed', 'secret_found', 'not_searchable', 'not_searched'));
--> statement-breakpoint
UPDATE control_plane.artifact SET withheld_because = CASE WHEN shown_as = 'text' THEN 'redaction_failed' ELSE 'not_searched' END
  WHERE withheld OR shown_as <> 'text';
--> statement-breakpoint
ALTER TABLE control_plane.artifact
  DROP COLUMN withheld CASCADE,
  DROP CONSTRAINT artifact_encoding_check,
  DROP CONSTRAINT artifact_check,
  ADD CONSTRAINT artifact_encoding CHECK (encoding IN ('utf-8', 'utf-8-with-replacements', 'utf-16le', 'utf-16be', 'windows-1252')),
  ADD CONSTRAINT artifact_rules CHECK (shown_as <> 'text' OR rules_version IS NOT NULL),
  ADD CONSTRAINT artifact_redacted CHECK ((redacted_sha256 IS NOT NULL) = (shown_as = 'text' AND withheld_because IS NULL)),
  -- Nothing leaves that was not looked at.
  ADD CONSTRAINT artifact_searched CHECK (withheld_because IS NOT NULL OR rules_version IS NOT NULL);
