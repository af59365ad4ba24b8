import type { Database, OpenDatabase } from '@autopack/server-kit/open-database'
import type { Log } from '@autopack/server-kit/log'
import type { SQL } from 'drizzle-orm'
import type { RefusalTally } from './audit/refusal-tally.ts'
import type { Settings } from './environment.ts'
import type { EventFeed } from './events/event-feed.ts'
import type { ArtifactStore } from './shared/artifact-store.ts'
import type { RateLimits } from './shared/rate-limits.ts'

/** Everything an action may need; made once, in server.ts and in tests. */
export type Deps = {
  database: OpenDatabase
  db: Database
  log: Log
  settings: Settings
  artifactStore: ArtifactStore
  feed: EventFeed
  rateLimits: RateLimits
  refusals: RefusalTally
  /** The database's clock, which decides expiry, lease and hold (safety.md, I-9); tests may shift it. */
  now: SQL
}
