import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { RunningPostgres } from '../start-postgres.ts'

/** Runs the script that the image of PostgreSQL runs when its folder is empty, as its entry point does; `secrets` is its /run/secrets. */
export function runRolesAndSchemas(root: string, postgres: RunningPostgres, secrets: string, password: string): void {
  execFileSync('sh', [join(root, 'deploy/postgres/roles-and-schemas.sh')], {
    encoding: 'utf8',
    stdio: 'pipe',
    env: {
      PATH: `${postgres.bin}:${process.env['PATH']}`,
      PGHOST: postgres.socketDirectory,
      POSTGRES_USER: 'postgres',
      PGPASSWORD: password,
      BFF_PASSWORD_FILE: join(secrets, 'bff_database_password'),
      CONTROL_PLANE_PASSWORD_FILE: join(secrets, 'control_plane_database_password'),
      MIGRATOR_PASSWORD_FILE: join(secrets, 'migrator_database_password'),
    },
  })
}
