import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { openDatabase } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'
import pg from 'pg'
import type { PayloadReader } from './payload-reader.ts'

const migrationsFolder = fileURLToPath(new URL('../../apps/control-plane/src/db/migrations', import.meta.url))

/**
 * The functions of the database, as the migrations make them, in a database of their own: on the PostgreSQL server of `serverUrl` (dropped
 * again on close), or embedded for null.
 */
export async function openSqlPayloadReader(serverUrl: string | null): Promise<PayloadReader> {
  const name = `prove_payloads_${randomUUID().replaceAll('-', '')}`
  if (serverUrl !== null) await onServer(serverUrl, `CREATE DATABASE ${name}`)
  const url = serverUrl === null ? null : withDatabase(serverUrl, name)
  const database = await openDatabase({ url, directory: null, migrationsFolder, schema: 'control_plane' })
  return {
    name: serverUrl === null ? 'SQL (embedded)' : 'SQL (PostgreSQL)',
    judge: async (texts) => {
      const sources = JSON.stringify(texts.map((text) => text.toString('base64')))
      const found = await database.db.execute<{ verdict: string }>(sql`
        SELECT CASE WHEN refusal IS NULL THEN 'payload ' || encode(sha256(source), 'hex')
          WHEN refusal IN ('too_large', 'not_utf8', 'not_json_or_form', 'negative_zero', 'number_out_of_range', 'too_many_members',
            'not_json_or_too_deep', 'key_order') THEN 'refused'
          ELSE 'canonical ' || encode(sha256(source), 'hex') END AS verdict
        FROM (
          SELECT source, place, control_plane.payload_refusal(source) AS refusal FROM (
            SELECT decode(text, 'base64') AS source, place
            FROM jsonb_array_elements_text(${sources}::jsonb) WITH ORDINALITY AS given (text, place) OFFSET 0
          ) AS given OFFSET 0
        ) AS judged ORDER BY place`)
      return found.rows.map(({ verdict }) => verdict)
    },
    close: async () => {
      await database.close()
      if (serverUrl !== null) await onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    },
  }
}

async function onServer(serverUrl: string, statement: string): Promise<void> {
  const admin = new pg.Client({ connectionString: serverUrl })
  await admin.connect()
  try {
    await admin.query(statement)
  } finally {
    await admin.end()
  }
}

function withDatabase(serverUrl: string, name: string): string {
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}
