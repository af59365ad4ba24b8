/** What the contract takes (`typedText` of the decision route). */
const reasonLimit = 2_000

export type ReasonFault = 'missing' | 'too long'

/** Why a typed reason cannot be sent yet. Nothing is cut off behind the back of who pasted it. */
export function findReasonFault(reason: string): ReasonFault | null {
  const { length } = reason.trim()
  return length === 0 ? 'missing' : length > reasonLimit ? 'too long' : null
}

/** `2,340 of 2,000 characters: shorten it` */
export function toLengthWords(reason: string): string {
  return `${reason.trim().length.toLocaleString('en')} of ${reasonLimit.toLocaleString('en')} characters: shorten it`
}
