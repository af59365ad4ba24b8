import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { applicationRights, applicationSequences } from '../db/application-rights.ts'
import { migrationsFolder } from '../db/migrations-folder.ts'

/** Changes with every migration and every right of the application: what the names of prepared databases end in. */
export function migrationsDigest(): string {
  const hash = createHash('sha256').update(JSON.stringify([applicationRights, applicationSequences]))
  for (const file of readdirSync(migrationsFolder).toSorted()) if (file.endsWith('.sql')) hash.update(readFileSync(join(migrationsFolder, file)))
  return hash.digest('hex').slice(0, 16)
}
