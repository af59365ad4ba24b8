type Situation = { blind: boolean; slots: readonly { filled_by: object | null }[]; sending: boolean }

/** The word on the deliberate button. What nobody can explain is never *approved*: whoever presses takes it as it is. */
export function toApproveWords({ blind, slots, sending }: Situation): string {
  if (sending) return 'Sending'
  const place = slots.length > 1 ? `, ${slots.filter((slot) => slot.filled_by !== null).length + 1} of ${slots.length}` : ''
  return `${blind ? 'Accept blind' : 'Approve'}${place}`
}
