import { Client } from 'pg'
import type { SeededRandom } from './seeded-random.ts'

/** SQL as the owner of the database: more than any process of the console may do. */
export type OwnerDatabase = {
  query: <Row extends object>(sql: string, values?: unknown[]) => Promise<Row[]>
  /** The same without triggers and foreign keys: what an append-only table cannot refuse its owner. */
  tamper: (sql: string, values?: unknown[]) => Promise<number>
  /** For the environment of `npm start`. */
  urls: { DATABASE_URL: string; BFF_DATABASE_URL: string }
  passwords: string[]
  close: () => Promise<void>
}

/** One database, two roles with passwords, as the README asks; `url` is that of its superuser. */
export async function openOwnerDatabase(url: string, random: SeededRandom): Promise<OwnerDatabase> {
  const client = new Client({ connectionString: url })
  // The server ends first when the acceptance is interrupted.
  client.on('error', () => undefined)
  await client.connect()
  const passwords = [0, 1].map(() => random.text(24, 'ABCDEFGHKLMNPQRSTUVWXYZabcdefghkmnpqrstuvwxyz23456789'))
  const urls = ['control_plane_app', 'bff_app'].map((role, place) => {
    const withRole = new URL(url)
    withRole.username = role
    withRole.password = passwords[place]!
    return { role, url: withRole.href }
  })
  for (const [place, { role }] of urls.entries()) {
    await client.query(`CREATE ROLE ${role} LOGIN PASSWORD '${passwords[place]!}'`)
    await client.query(`GRANT CREATE ON DATABASE ${new URL(url).pathname.slice(1)} TO ${role}`)
  }
  return {
    query: async <Row extends object>(sql: string, values: unknown[] = []) => (await client.query<Row>(sql, values)).rows,
    async tamper(sql, values = []) {
      await client.query(`SET session_replication_role = replica`)
      try {
        return (await client.query(sql, values)).rowCount ?? 0
      } finally {
        await client.query(`SET session_replication_role = origin`)
      }
    },
    urls: { DATABASE_URL: urls[0]!.url, BFF_DATABASE_URL: urls[1]!.url },
    passwords,
    close: () => client.end(),
  }
}
