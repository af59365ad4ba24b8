import type { MarkKind } from '../../shared/state-mark.tsx'

type Mark = { kind: MarkKind; label: string }

export const stateMarks = {
  APPROVED: { kind: 'ok', label: 'Approved' },
  EXECUTING: { kind: 'running', label: 'Executing' },
  COMPLETED: { kind: 'ok', label: 'Done' },
  FAILED: { kind: 'failed', label: 'Failed' },
  UNKNOWN: { kind: 'unknown', label: 'Unknown' },
  SIMULATED: { kind: 'simulated', label: 'Simulated' },
  REJECTED: { kind: 'halted', label: 'Rejected' },
  REVOKED: { kind: 'halted', label: 'Revoked' },
  EXPIRED: { kind: 'expired', label: 'Expired' },
  CANCELLED: { kind: 'idle', label: 'Withdrawn' },
} as const satisfies Record<string, Mark>

export const decisionMarks = {
  approve: { kind: 'ok', label: 'Approved' },
  reject: { kind: 'halted', label: 'Rejected' },
  ask_change: { kind: 'idle', label: 'Asked for a change' },
  revoke: { kind: 'halted', label: 'Revoked' },
  veto: { kind: 'halted', label: 'Vetoed' },
} as const satisfies Record<string, Mark>

export const observedWords = {
  verified: { kind: 'ok', label: 'Reported as read back as approved' },
  drifted: { kind: 'halted', label: 'Reported as read back different from what was approved' },
  cannot_verify: { kind: 'expired', label: 'Cannot be verified' },
} as const satisfies Record<string, Mark>

export const strengthWords = {
  passkey: 'signed with a passkey, over what was shown',
  password: 'rests on their password, typed a moment before',
  session: 'rests on their session alone',
} as const

const outcomeWords = {
  completed: 'It was done',
  failed: 'It failed',
  unknown: 'Nobody knows how it ended',
  simulated: 'It was a dry run: the whole road was walked',
} as const
const sentWords = { yes: 'it was sent', no: 'nothing was sent', unknown: 'whether anything was sent, nobody knows' } as const

type Outcome = { outcome: keyof typeof outcomeWords; sent: keyof typeof sentWords }

/** Both as they were reported: what failed may have been sent all the same. */
export function toOutcomeWords({ outcome, sent }: Outcome): string {
  return `${outcomeWords[outcome]}; ${sentWords[sent]}`
}

/** The fields are what was approved: that they were sent is said only where that was reported. */
export function toSentTitle(outcome: Outcome | null): string {
  return outcome?.sent === 'yes' ? 'What was sent' : 'What was to be sent'
}
