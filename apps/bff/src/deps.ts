/** What the features share; made once in `app.ts`, handed down, never imported as a global. */
import type { Log } from '@autopack/server-kit/log'
import type { OpenDatabase } from '@autopack/server-kit/open-database'
import type { Configuration } from './environment.ts'
import type { CookieNames } from './shared/cookies.ts'
import type { PasswordHasher } from './shared/password-hash.ts'
import type { RateLimits } from './shared/rate-limits.ts'
import type { Refusals } from './shared/refusals.ts'
import type { StreamRegistry } from './shared/stream-registry.ts'
import type { Throttle } from './shared/throttle.ts'
import type { SigningKey } from './shared/signing-key.ts'
import type { ControlPlane } from './upstream/control-plane.ts'

export type Deps = {
  configuration: Configuration
  database: OpenDatabase
  db: OpenDatabase['db']
  log: Log
  now: () => Date
  signingKey: SigningKey
  cookies: CookieNames
  passwords: PasswordHasher
  throttle: Throttle
  rateLimits: RateLimits
  refusals: Refusals
  streams: StreamRegistry
  controlPlane: ControlPlane
}
