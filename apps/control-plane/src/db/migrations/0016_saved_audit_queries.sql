-- Queries of the audit log that people keep. Not evidence: no event says that one was saved.
CREATE TABLE control_plane.saved_audit_query (
  operator_id text NOT NULL REFERENCES control_plane.operator (operator_id),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  query text NOT NULL CHECK (length(query) BETWEEN 1 AND 240),
  saved_at timestamptz(3) NOT NULL,
  PRIMARY KEY (operator_id, name)
);
