import type { Transaction } from '@autopack/server-kit/open-database'
import { sql } from 'drizzle-orm'

/** Longer than anything takes that is not held up. */
const mostMs = 1_500

/**
 * From here on a statement of this transaction waits a second and a half for a lock at most, or less where it had less: whoever holds the
 * control row holds back the brake (safety.md, I-19), and who waits for them and has it, too, would add their own waiting. `with_itself`:
 * and takes no longer altogether, since an insert that hangs in the disk waits for no lock. What takes longer is refused, and nothing is changed.
 */
export async function limitWaits(tx: Transaction, limit: 'for_locks' | 'with_itself'): Promise<void> {
  const names = limit === 'for_locks' ? ['lock_timeout'] : ['lock_timeout', 'statement_timeout']
  await tx.execute(sql`SELECT set_config(name, least(nullif(extract(epoch FROM current_setting(name)::interval) * 1000, 0), ${mostMs})::int::text, true)
    FROM unnest(${sql.param(names)}::text[]) AS name`)
}
