import type { ActionState } from '@autopack/contract/external-actions'

/** The states as filters, in the words of their marks. */
export const stateWords: Record<ActionState, string> = {
  PENDING: 'Waiting for a person',
  APPROVED: 'Approved, not taken yet',
  EXECUTING: 'Executing',
  COMPLETED: 'Done',
  FAILED: 'Failed',
  UNKNOWN: 'Unknown',
  SIMULATED: 'Simulated',
  REJECTED: 'Rejected',
  REVOKED: 'Revoked or vetoed',
  EXPIRED: 'Expired',
  CANCELLED: 'Withdrawn',
}
