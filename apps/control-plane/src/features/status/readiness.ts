import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from '@autopack/server-kit/open-database'
import type { Log } from '@autopack/server-kit/log'
import { migrationsFolder } from '../../db/migrations-folder.ts'
import { countMigrations } from './status-rows.ts'

const cacheMs = 1_000
const patienceMs = 2_000

/** Whether the database answers and has every migration; asked at most once a second, however many ask us. */
export function createReadiness(db: Database, log: Log): () => Promise<boolean> {
  const journal = JSON.parse(readFileSync(join(migrationsFolder, 'meta/_journal.json'), 'utf8')) as { entries: unknown[] }
  let answer: Promise<boolean> | null = null
  let askedAt = 0
  return () => {
    if (answer && performance.now() - askedAt < cacheMs) return answer
    askedAt = performance.now()
    answer = Promise.race([countMigrations(db), giveUp()]).then(
      (count) => count >= journal.entries.length,
      (error: unknown) => {
        log.warn({ error }, 'not ready')
        return false
      },
    )
    return answer
  }
}

function giveUp(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('the database did not answer in time')), patienceMs).unref()
  })
}
