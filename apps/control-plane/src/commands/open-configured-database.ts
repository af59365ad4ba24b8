import { openDatabase } from '@autopack/server-kit/open-database'
import type { OpenDatabase } from '@autopack/server-kit/open-database'
import { databaseSchema, migrationsFolder } from '../db/migrations-folder.ts'
import type { Settings } from '../environment.ts'

/** The database that the settings name, for a command. In production `migrate.ts` alone runs migrations. Throws as openDatabase does. */
export function openConfiguredDatabase({ databaseUrl, databaseDir, production }: Settings): Promise<OpenDatabase> {
  return openDatabase({ url: databaseUrl, directory: databaseDir, migrationsFolder, schema: databaseSchema, runsMigrations: !production })
}
