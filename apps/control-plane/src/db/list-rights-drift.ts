import type { Queryable } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import { applicationRights, applicationSequences } from './application-rights.ts'
import { databaseSchema } from './migrations-folder.ts'

/**
 * Where the rights that a role really has in this database and those of application-rights.ts differ, one line each: what is missing, and
 * what is there and is not said, tables without a word among them. What a role has by owning something or through another role counts, too.
 */
export async function listRightsDrift(db: Queryable, role: string): Promise<string[]> {
  const [really, wanted] = [await listRights(db, role), listWantedRights()]
  // Whoever has a right over a whole table has it over each column.
  const missing = [...wanted].filter((right) => !really.has(right) && !really.has(right.split('.')[0]!)).map((right) => `${right}: is missing`)
  const surplus = [...really].filter((right) => !wanted.has(right)).map((right) => `${right}: is not said`)
  return [...missing, ...surplus].toSorted()
}

function listWantedRights(): Set<string> {
  const tables = Object.entries(applicationRights).flatMap(([table, rights]) => [
    `SELECT on ${table}`,
    ...(rights.insert === true ? [`INSERT on ${table}`] : (rights.insert || []).map((column) => `INSERT on ${table}.${column}`)),
    ...rights.update.map((column) => `UPDATE on ${table}.${column}`),
    ...(rights.delete ? [`DELETE on ${table}`] : []),
    `the table ${table}`,
  ])
  return new Set(['USAGE on the schema', ...tables, ...applicationSequences.map((sequence) => `USAGE on ${sequence}`)])
}

async function listRights(db: Queryable, role: string): Promise<Set<string>> {
  const found = await db.execute(sql`
    WITH mine AS (SELECT c.oid, c.relname, c.relkind, c.relowner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ${databaseSchema})
    SELECT 'the table ' || relname AS right_of FROM mine WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
    UNION ALL
    SELECT word || ' on ' || relname FROM mine, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS word
      WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege(${role}, mine.oid, word)
    UNION ALL
    SELECT word || ' on ' || relname || '.' || attname FROM mine JOIN pg_attribute a ON a.attrelid = mine.oid AND a.attnum > 0 AND NOT a.attisdropped,
      unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS word
      WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND has_column_privilege(${role}, mine.oid, a.attnum, word) AND NOT has_table_privilege(${role}, mine.oid, word)
    UNION ALL
    SELECT word || ' on ' || relname FROM mine, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS word
      WHERE relkind = 'S' AND has_sequence_privilege(${role}, mine.oid, word)
    UNION ALL
    SELECT 'owning ' || relname FROM mine WHERE relkind <> 'i' AND pg_has_role(${role}, relowner, 'MEMBER')
    UNION ALL
    -- With the rights of its owner: fired by the table it is for, and by nothing else.
    SELECT 'EXECUTE on ' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = ${databaseSchema} AND p.prosecdef AND has_function_privilege(${role}, p.oid, 'EXECUTE')
    UNION ALL
    SELECT 'owning ' || p.proname || '()' FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = ${databaseSchema} AND pg_has_role(${role}, p.proowner, 'MEMBER')
    UNION ALL
    SELECT word || ' on the schema' FROM pg_namespace n, unnest(ARRAY['USAGE', 'CREATE']) AS word
      WHERE n.nspname = ${databaseSchema} AND has_schema_privilege(${role}, n.oid, word)
    UNION ALL
    SELECT 'owning the schema' FROM pg_namespace n WHERE n.nspname = ${databaseSchema} AND pg_has_role(${role}, n.nspowner, 'MEMBER')
    UNION ALL
    SELECT word || ' on the database' FROM unnest(ARRAY['CREATE', 'TEMPORARY']) AS word WHERE has_database_privilege(${role}, current_database(), word)
    UNION ALL
    SELECT 'owning the database' FROM pg_database d WHERE d.datname = current_database() AND pg_has_role(${role}, d.datdba, 'MEMBER')
    UNION ALL
    SELECT 'CREATE on the schema ' || n.nspname FROM pg_namespace n WHERE n.nspname <> ${databaseSchema} AND has_schema_privilege(${role}, n.oid, 'CREATE')
    UNION ALL
    SELECT 'the attribute ' || word FROM pg_roles r,
      LATERAL (VALUES (r.rolsuper, 'SUPERUSER'), (r.rolcreaterole, 'CREATEROLE'), (r.rolcreatedb, 'CREATEDB'), (r.rolreplication, 'REPLICATION'),
        (r.rolbypassrls, 'BYPASSRLS')) AS has (it, word) WHERE r.rolname = ${role} AND has.it
    UNION ALL
    SELECT 'membership of ' || r.rolname FROM pg_roles r WHERE r.rolname <> ${role} AND pg_has_role(${role}, r.oid, 'MEMBER')
    UNION ALL
    SELECT 'SET on session_replication_role' WHERE has_parameter_privilege(${role}, 'session_replication_role', 'SET')`)
  return new Set((found.rows as { right_of: string }[]).map((row) => row.right_of))
}
