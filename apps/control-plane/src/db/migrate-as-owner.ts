import { migrateDatabase } from '@autopack/server-kit/migrate-database'
import { applyApplicationRights } from './apply-application-rights.ts'
import { databaseRoles } from './database-roles.ts'
import { databaseSchema, migrationsFolder } from './migrations-folder.ts'

/** Runs what is missing, as the owner, and gives the application its rights. Returns how many migrations ran; throws what the database says. */
export function migrateAsOwner(url: string): Promise<number> {
  return migrateDatabase({ url, owner: databaseRoles.owner, migrationsFolder, schema: databaseSchema, afterwards: applyApplicationRights })
}
