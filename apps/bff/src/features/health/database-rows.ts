import type { Database } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'

/** Whether the database answers within two seconds. */
export async function isDatabaseReady(db: Database): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), 2_000)
  })
  const asked = db.execute(sql`SELECT 1`).then(
    () => true,
    () => false,
  )
  const ready = await Promise.race([asked, late])
  clearTimeout(timer)
  return ready
}
