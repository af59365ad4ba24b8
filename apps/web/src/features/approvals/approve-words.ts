import type { ApprovalPhase } from './use-approval.ts'

const phaseWords: Record<ApprovalPhase, string> = {
  asking: 'One moment',
  prompt: 'Waiting for your passkey',
  password: 'Your password',
  sending: 'Sending',
}
type Situation = { blind: boolean; slots: readonly { filled_by: object | null }[]; signs: boolean; phase: ApprovalPhase | null }

/** The word on the deliberate button. What nobody can explain is never *approved*: whoever presses takes it as it is. */
export function toApproveWords({ blind, slots, signs, phase }: Situation): string {
  if (phase !== null) return phaseWords[phase]
  const place = slots.length > 1 ? `, ${slots.filter((slot) => slot.filled_by !== null).length + 1} of ${slots.length}` : ''
  if (signs) return `${blind ? 'Sign blind' : 'Sign & approve'}${place}`
  return `${blind ? 'Accept blind' : 'Approve'}${place}`
}
