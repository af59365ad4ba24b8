/** `place` counts from 1; 0: not in the queue of this person. Neighbours are addresses of decision pages. */
export type QueuePlace = { place: number; count: number; previous: string | null; next: string | null }

/** Where an action stands among those that wait for this person. One that left the queue has the first of it as its next. */
export function findQueuePlace(ids: readonly string[], actionId: string): QueuePlace {
  const index = ids.indexOf(actionId)
  const toAddress = (id: string | undefined) => (id === undefined ? null : `/approvals/${id}`)
  if (index === -1) return { place: 0, count: ids.length, previous: null, next: toAddress(ids[0]) }
  return { place: index + 1, count: ids.length, previous: toAddress(ids[index - 1]), next: toAddress(ids[index + 1]) }
}
