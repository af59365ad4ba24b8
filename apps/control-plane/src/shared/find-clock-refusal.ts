/** Ordinary steps of a clock that is kept right are smaller; what is larger would let expired approvals live again. */
const toleratedMs = 5_000

/**
 * Why nothing that depends on the time may be decided or claimed at this moment, or null. `latestAudit` is the latest moment at which an
 * audit event was written, by the same clock: a clock that is clearly behind it was moved back. A clock that jumps ahead only lets things
 * expire; one that jumped ahead and came back is behind until then, or until whoever runs the deployment accepts it.
 */
export function findClockRefusal(now: Date, latestAudit: Date | null): string | null {
  if (latestAudit === null) return null
  const behindMs = latestAudit.getTime() - now.getTime()
  if (behindMs <= toleratedMs) return null
  const until = new Date(latestAudit.getTime() - toleratedMs)
  return (
    `The clock of the database says ${now.toISOString()}, but the latest entry of the audit log is from ${latestAudit.toISOString()}. ` +
    `Nothing is approved or claimed until that clock says ${until.toISOString()}; rejecting, revoking and the brake work. ` +
    'If that entry is from a clock that had run ahead, whoever runs the deployment can accept the clock as it is now (accept-clock).'
  )
}
