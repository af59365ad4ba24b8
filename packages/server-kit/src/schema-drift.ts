import { is, sql } from 'drizzle-orm'
import { getTableConfig, PgTable } from 'drizzle-orm/pg-core'
import type { Queryable } from './open-database.ts'

type Column = { table: string; column: string; type: string; not_null: boolean }

/** Only in the database, on purpose: the ledger of migrations itself. */
const ownTables: ReadonlySet<string> = new Set(['migration'])

/**
 * Where tables as code describes them and a migrated database differ, one line each; migrations are written by hand, so nothing else
 * would notice. Compared are tables, and of described columns type and nullability. A column only the database has is in order when it
 * needs no value. `modules`: everything the files with tables export.
 */
export async function listSchemaDrift(db: Queryable, schema: string, modules: readonly Record<string, unknown>[]): Promise<string[]> {
  const described = modules.flatMap((module) => Object.values(module).filter((value): value is PgTable => is(value, PgTable)))
  const found = await db.execute(sql`
    SELECT c.relname AS "table", a.attname AS "column", format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS not_null,
      (a.attnotnull AND NOT a.atthasdef AND a.attidentity = '') AS needs_value
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ${schema} AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped`)
  const real = (found.rows as (Column & { needs_value: boolean })[]).filter((column) => !ownTables.has(column.table))
  const places = new Map(real.map((column) => [`${column.table}.${column.column}`, column]))
  const drift: string[] = []
  for (const table of described) {
    const { name, columns } = getTableConfig(table)
    for (const column of columns) {
      const place = `${name}.${column.name}`
      const there = places.get(place)
      places.delete(place)
      const expected = `${toPostgresType(column.getSQLType())}${column.notNull ? ' not null' : ''}`
      const actual = there && `${there.type}${there.not_null ? ' not null' : ''}`
      if (actual !== expected) drift.push(`${place}: the code says ${expected}, the database ${actual ?? 'has no such column'}`)
    }
  }
  const known = new Set(described.map((table) => getTableConfig(table).name))
  for (const table of new Set(real.map((column) => column.table))) if (!known.has(table)) drift.push(`${table}: no code describes this table`)
  for (const [place, column] of places)
    if (known.has(column.table) && column.needs_value) drift.push(`${place}: needs a value, and no code describes it`)
  return drift.toSorted()
}

/** As PostgreSQL writes it: `timestamp(3) with time zone`. */
function toPostgresType(type: string): string {
  return type.replace(' (', '(')
}
