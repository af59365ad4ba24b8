type Situation = { open: boolean; mayApprove: boolean; /** The queue is here. */ known: boolean; place: number; count: number }

/**
 * Where it stands in the queue of this person. Its own state has the word: the queue is another answer, and may be older or newer by a moment.
 */
export function toPositionWords({ open, mayApprove, known, place, count }: Situation): string {
  if (!open) return 'closed'
  if (place > 0) return `${place} of ${count}`
  if (!mayApprove) return 'not yours to decide'
  return known ? 'open' : '…'
}
