/** A database on a server for tests, migrated as a deployment's is: by the migrator, for the application. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { databaseRoles } from '../db/database-roles.ts'
import { databaseSchema } from '../db/migrations-folder.ts'
import { migrateAsOwner } from '../db/migrate-as-owner.ts'
import { migrationsDigest } from './migrations-digest.ts'

export type MigratedDatabase = {
  /** Of the application. */
  url: string
  /** Of whoever the server's URL names: a superuser. */
  ownerUrl: string
  drop: () => Promise<void>
}

/** Copied from a template that is made once, and again when a migration or a right changes. `server`: of a superuser. */
export async function createMigratedDatabase(server: string): Promise<MigratedDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = `template_control_plane_${migrationsDigest()}`
  await onServer(server, async (admin) => {
    await admin.query('SELECT pg_advisory_lock(hashtext($1))', ['template_control_plane'])
    await makeRoles(admin, server)
    const { rows } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template])
    if (rows.length === 0) {
      const draft = `${template}_draft`
      await admin.query(`DROP DATABASE IF EXISTS ${draft}`)
      await admin.query(`CREATE DATABASE ${draft}`)
      await openToRoles(admin, draft)
      await onServer(withDatabase(server, draft), async (inside) => {
        await inside.query(`CREATE SCHEMA ${databaseSchema} AUTHORIZATION ${databaseRoles.owner}`)
        await inside.query(`CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA ${databaseSchema}`)
      })
      await migrateAsOwner(asRole(withDatabase(server, draft), databaseRoles.migrator))
      await admin.query(`ALTER DATABASE ${draft} RENAME TO ${template}`)
    }
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`)
    // Rights on a database are not copied with it.
    await openToRoles(admin, name)
    await admin.query('SELECT pg_advisory_unlock(hashtext($1))', ['template_control_plane'])
  })
  const ownerUrl = withDatabase(server, name)
  return {
    url: asRole(ownerUrl, databaseRoles.application),
    ownerUrl,
    drop: () => onServer(server, (admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  }
}

/** Those of deploy/postgres/roles-and-schemas.sh, once for all databases of the server, with the password of the URL. */
async function makeRoles(admin: pg.Client, server: string): Promise<void> {
  const { owner, migrator, application } = databaseRoles
  const password = decodeURIComponent(new URL(server).password)
  const access = password === '' ? 'LOGIN' : `LOGIN PASSWORD ${pg.escapeLiteral(password)}`
  for (const [role, attributes] of [
    [owner, 'NOLOGIN'],
    [migrator, `${access} NOINHERIT`],
    [application, access],
  ] as const) {
    const { rows } = await admin.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role])
    if (rows.length === 0) await admin.query(`CREATE ROLE ${role} ${attributes}`)
  }
  await admin.query(`GRANT ${owner} TO ${migrator}`)
}

async function openToRoles(admin: pg.Client, database: string): Promise<void> {
  const { owner, migrator, application } = databaseRoles
  await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`)
  await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${migrator}, ${application}`)
  await admin.query(`GRANT CREATE ON DATABASE ${database} TO ${owner}`)
}

async function onServer(server: string, act: (admin: pg.Client) => Promise<unknown>): Promise<void> {
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  try {
    await act(admin)
  } finally {
    await admin.end()
  }
}

function withDatabase(server: string, name: string): string {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

function asRole(server: string, role: string): string {
  const url = new URL(server)
  url.username = role
  return url.href
}
