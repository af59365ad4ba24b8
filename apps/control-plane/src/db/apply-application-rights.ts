import type { Database } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
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
      const columns = sql.join(
        rights.update.map((column) => sql.identifier(column)),
        sql`, `,
      )
      const granted = [
        sql`SELECT`,
        ...(rights.insert ? [sql`INSERT`] : []),
        ...(rights.update.length > 0 ? [sql`UPDATE (${columns})`] : []),
        ...(rights.delete ? [sql`DELETE`] : []),
      ]
      await tx.execute(sql`GRANT ${sql.join(granted, sql`, `)} ON TABLE ${inSchema(table)} TO ${role}`)
    }
    for (const sequence of applicationSequences) await tx.execute(sql`GRANT USAGE ON SEQUENCE ${inSchema(sequence)} TO ${role}`)
  })
}
