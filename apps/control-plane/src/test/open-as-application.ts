import type { Queryable } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import { applyApplicationRights } from '../db/apply-application-rights.ts'
import { databaseRoles } from '../db/database-roles.ts'
import type { TestDeps } from './open-test-deps.ts'

/** Acts in a transaction of the application, which is never kept. */
export type AsApplication = (act: (tx: Queryable) => Promise<unknown>) => Promise<void>

/**
 * On PostgreSQL the connection of the tests is the application's. The embedded database has one connection, which is a superuser's: there
 * the roles are made, and taken on for each act. What only a superuser's session may do (taking on roles) it may do there all the same.
 */
export async function openAsApplication(deps: TestDeps): Promise<AsApplication> {
  const { owner, application } = databaseRoles
  const embedded = deps.databaseUrl === null
  if (embedded) {
    for (const role of [owner, application]) await deps.db.execute(sql`CREATE ROLE ${sql.identifier(role)} NOLOGIN`)
    await deps.db.execute(sql.raw(`DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); END $$`))
    await deps.db.execute(sql`REVOKE ALL ON SCHEMA public FROM PUBLIC`)
    await applyApplicationRights(deps.db)
  }
  return async (act) => {
    await deps.db
      .transaction(async (tx) => {
        if (embedded) await tx.execute(sql`SET LOCAL ROLE ${sql.identifier(application)}`)
        await act(tx)
        throw new NotKept()
      })
      .catch((error: unknown) => {
        if (!(error instanceof NotKept)) throw error
      })
  }
}

class NotKept extends Error {}
