import pg from 'pg'
import { pollUntil } from './poll-until.ts'

/** A second connection that holds what the next statement of an operation waits for, so that the operation stands still right there. */
export type LockHolder = {
  /** Answers once a statement that names `words` waits for this connection: the moment is reached, and no other. */
  untilBlocked: (words: string) => Promise<void>
  /** Lets go; also after the database was killed under it. */
  release: () => Promise<void>
}

const reachedMs = 30_000

/** `lock` is a statement that takes the lock, as the owner of the database. */
export async function holdLock(connection: pg.ClientConfig, lock: string): Promise<LockHolder> {
  const holder = new pg.Client(connection)
  const watcher = new pg.Client(connection)
  for (const client of [holder, watcher]) {
    client.on('error', () => undefined)
    await client.connect()
  }
  await holder.query('BEGIN')
  await holder.query(lock)
  const [own] = (await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows
  return {
    untilBlocked: (words) =>
      pollUntil(reachedMs, `a statement about ${words} to wait for the lock`, async () => {
        const waiting = await watcher.query<{ query: string }>('SELECT query FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))', [
          own!.pid,
        ])
        return waiting.rows.some(({ query }) => query.includes(words))
      }),
    async release() {
      await holder.query('ROLLBACK').catch(() => undefined)
      await Promise.all([holder, watcher].map((client) => client.end().catch(() => undefined)))
    },
  }
}
