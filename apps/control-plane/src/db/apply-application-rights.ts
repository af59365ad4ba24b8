import type { Database } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import { applicationRights, applicationSequences } from './application-rights.ts'
import { databaseRoles } from './database-roles.ts'
import { databaseSchema } from './migrations-folder.ts'

/** Gives the application exactly the rights of application-rights.ts, in one transaction; whoever asks owns the tables. Again is the same. */
export async function applyApplicationRights(db: Database): Promise<void> {
  const { application } = databaseRoles
  const inSchema = (name: string) => sql`${sql.identifier(databaseSchema)}.${sql.identifier(name)}`
  const role = sql.identifier(application)
  await db.transaction(async (tx) => {
    // From everybody, too: what PUBLIC has, the application has.
    await tx.execute(sql`REVOKE ALL ON SCHEMA ${sql.identifier(databaseSchema)} FROM PUBLIC, ${role}`)
    await tx.execute(sql`GRANT USAGE ON SCHEMA ${sql.identifier(databaseSchema)} TO ${role}`)
    await tx.execute(sql`REVOKE ALL ON ALL TABLES IN SCHEMA ${sql.identifier(databaseSchema)} FROM PUBLIC, ${role}`)
    await tx.execute(sql`REVOKE ALL ON ALL SEQUENCES IN SCHEMA ${sql.identifier(databaseSchema)} FROM PUBLIC, ${role}`)
    for (const [table, rights] of Object.entries(applicationRights)) {
      const granted = [
        sql`SELECT`,
        ...(rights.insert === true ? [sql`INSERT`] : rights.insert === false ? [] : [sql`INSERT (${toColumns(rights.insert)})`]),
        ...(rights.update.length > 0 ? [sql`UPDATE (${toColumns(rights.update)})`] : []),
        ...(rights.delete ? [sql`DELETE`] : []),
      ]
      await tx.execute(sql`GRANT ${sql.join(granted, sql`, `)} ON TABLE ${inSchema(table)} TO ${role}`)
    }
    // What runs with the rights of the owner is fired by its trigger and called by nobody. Functions are everybody's when they are made.
    const { rows } = await tx.execute(
      sql`SELECT oid::regprocedure::text AS name FROM pg_proc WHERE pronamespace = ${databaseSchema}::regnamespace AND prosecdef`,
    )
    for (const { name } of rows as { name: string }[]) await tx.execute(sql`REVOKE ALL ON FUNCTION ${sql.raw(name)} FROM PUBLIC, ${role}`)
    for (const sequence of applicationSequences) await tx.execute(sql`GRANT USAGE ON SEQUENCE ${inSchema(sequence)} TO ${role}`)
  })
}

function toColumns(names: readonly string[]): SQL {
  return sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  )
}
