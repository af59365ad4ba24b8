/** Ordinary steps of a clock that is kept right are smaller; what is larger would let expired approvals live again. */
const toleratedMs = 5_000

/**
 * Why nothing that depends on the time may be decided or claimed at this moment, or null. `newestAudit` is when the newest audit event
 * was written, by the same clock: a clock that is clearly behind it was moved back. A clock that jumps ahead only lets things expire.
 */
export function findClockRefusal(now: Date, newestAudit: Date | null): string | null {
  if (newestAudit === null) return null
  const behindMs = newestAudit.getTime() - now.getTime()
  if (behindMs <= toleratedMs) return null
  return (
    `The clock of the database says ${now.toISOString()}, but the newest entry of the audit log is from ${newestAudit.toISOString()}. ` +
    'Nothing is approved or claimed until the clock is right again; rejecting, revoking and the brake work.'
  )
}
