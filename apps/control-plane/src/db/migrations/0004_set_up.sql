-- One row while the first operator is still to be made: the token of the last start, and the operator once it is made but has
-- never signed in. Gone for good with the first sign-in.
CREATE TABLE control_plane.set_up (
  id integer PRIMARY KEY CHECK (id = 1),
  -- Of the whole token; the token itself is printed once and never stored.
  sha256 bytea NOT NULL CHECK (octet_length(sha256) = 32),
  expires_at timestamptz(3) NOT NULL,
  operator_id text REFERENCES control_plane.operator
);
