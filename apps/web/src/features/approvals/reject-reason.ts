import type { rejectKinds } from '@autopack/contract/external-actions'

export type RejectKind = (typeof rejectKinds)[number]
/** What is typed in the dialog; kept by the page, so that closing the dialog loses nothing. `field`: the label of what has to change, or ''. */
export type RejectDraft = { kind: RejectKind; field: string; reason: string }

/** What is sent: an executor that is asked for a change reads first which field it is about. */
export function toRejectReason({ kind, field, reason }: RejectDraft): string {
  const words = reason.trim()
  return kind === 'change_this' && field !== '' ? `${field}: ${words}` : words
}
