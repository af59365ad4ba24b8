import type { Session } from '@autopack/contract/auth'

/** A little under the five minutes of the control plane, so that what is sent in time also arrives in time. */
const recentMs = 5 * 60_000 - 15_000

/** Whether the password or a passkey was shown so short a while ago that an act without a signature may count. */
export function isRecentlyShown(session: Pick<Session, 'authenticated_at'>, nowMs: number): boolean {
  return nowMs - Date.parse(session.authenticated_at) < recentMs
}
