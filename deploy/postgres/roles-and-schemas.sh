#!/bin/sh
# Run once, by the image's entry point, when the database folder is empty (mounted into /docker-entrypoint-initdb.d).
# One database, a role and a schema for each server; neither role can see what the other one keeps. By hand, on a server that
# is there already: PGHOST, PGUSER (a superuser) and PGPASSWORD as for psql, and the two files with the roles' passwords.
set -eu
: "${CONTROL_PLANE_PASSWORD_FILE:?names the file with the password of autopack_control_plane}"
: "${BFF_PASSWORD_FILE:?names the file with the password of autopack_bff}"
for file in "$CONTROL_PLANE_PASSWORD_FILE" "$BFF_PASSWORD_FILE"; do
  [ -s "$file" ] || { echo "roles-and-schemas: $file is missing or empty" >&2; exit 1; }
done

# psql reads the files itself, so that no password stands in a list of processes. Superusers' logs have no statements of this.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-${PGUSER:-postgres}}" --dbname postgres <<'SQL'
SET log_statement = 'none';
SET log_min_error_statement = 'panic';
SET password_encryption = 'scram-sha-256';
\set control_plane_password `cat "$CONTROL_PLANE_PASSWORD_FILE"`
\set bff_password `cat "$BFF_PASSWORD_FILE"`
CREATE ROLE autopack_control_plane LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'control_plane_password';
CREATE ROLE autopack_bff LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'bff_password';
CREATE DATABASE autopack ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE autopack FROM PUBLIC;
-- CREATE: each server migrates its own schema, and PostgreSQL asks for this right even where the schema is there.
GRANT CONNECT, CREATE ON DATABASE autopack TO autopack_control_plane, autopack_bff;
\connect autopack
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA control_plane AUTHORIZATION autopack_control_plane;
CREATE SCHEMA bff AUTHORIZATION autopack_bff;
-- For the search of runs; trusted, but only a role with CREATE could make it, and this is one thing less that can fail later.
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA control_plane;
SQL
