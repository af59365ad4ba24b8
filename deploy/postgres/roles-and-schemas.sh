#!/bin/sh
# Run by the image's entry point when the database folder is empty (mounted into /docker-entrypoint-initdb.d), and once more, by hand, on a
# database that an older version made: it makes what is missing, and takes from the control plane's role what it owned there. Again is the
# same, but for passwords: those of the files are set. By hand: PGHOST, PGUSER (a superuser) and PGPASSWORD as for psql, and the three files.
#
#   autopack_owner          owns the tables of the control plane; nobody signs in as it
#   autopack_migrator       becomes it for as long as migrations take
#   autopack_control_plane  what the control plane runs as: owns nothing, and has the rights that the migrator gives it
#   autopack_bff            what the BFF runs as, with a schema of its own; neither server sees what the other one keeps
set -eu
: "${CONTROL_PLANE_PASSWORD_FILE:?names the file with the password of autopack_control_plane}"
: "${MIGRATOR_PASSWORD_FILE:?names the file with the password of autopack_migrator}"
: "${BFF_PASSWORD_FILE:?names the file with the password of autopack_bff}"
for file in "$CONTROL_PLANE_PASSWORD_FILE" "$MIGRATOR_PASSWORD_FILE" "$BFF_PASSWORD_FILE"; do
  [ -s "$file" ] || { echo "roles-and-schemas: $file is missing or empty" >&2; exit 1; }
done

# psql reads the files itself, so that no password stands in a list of processes. Superusers' logs have no statements of this.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-${PGUSER:-postgres}}" --dbname postgres <<'SQL'
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET password_encryption = 'scram-sha-256';
SET client_min_messages = 'warning';
\set control_plane_password `cat "$CONTROL_PLANE_PASSWORD_FILE"`
\set migrator_password `cat "$MIGRATOR_PASSWORD_FILE"`
\set bff_password `cat "$BFF_PASSWORD_FILE"`
SELECT format('CREATE ROLE %I', missing) FROM unnest(ARRAY['autopack_owner', 'autopack_migrator', 'autopack_control_plane', 'autopack_bff']) AS missing
  WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = missing) \gexec
ALTER ROLE autopack_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
ALTER ROLE autopack_migrator LOGIN NOINHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'migrator_password';
ALTER ROLE autopack_control_plane LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'control_plane_password';
ALTER ROLE autopack_bff LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'bff_password';
GRANT autopack_owner TO autopack_migrator;
SELECT 'CREATE DATABASE autopack ENCODING ''UTF8'' TEMPLATE template0' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'autopack') \gexec
REVOKE ALL ON DATABASE autopack FROM PUBLIC, autopack_control_plane;
GRANT CONNECT ON DATABASE autopack TO autopack_control_plane, autopack_migrator, autopack_bff;
-- CREATE: whoever migrates a schema is asked for this right even where the schema is there. The BFF migrates its own.
GRANT CREATE ON DATABASE autopack TO autopack_owner, autopack_bff;
\connect autopack
SET client_min_messages = 'warning';
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS control_plane AUTHORIZATION autopack_owner;
-- What an older version made belonged to the role that its server ran as.
REASSIGN OWNED BY autopack_control_plane TO autopack_owner;
CREATE SCHEMA IF NOT EXISTS bff AUTHORIZATION autopack_bff;
-- For the search of runs; trusted, but only a role with CREATE could make it, and this is one thing less that can fail later.
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA control_plane;
SQL
