import { rejectKinds } from '@autopack/contract/external-actions'
import type { Decision } from './decide-mutation.ts'

export type RejectKind = (typeof rejectKinds)[number]
/** What the dialog offers: a rejection of a kind, or asking the executor for another revision. */
export const refusalKinds = [...rejectKinds, 'change_this'] as const
export type RefusalKind = (typeof refusalKinds)[number]
/** What is typed in the dialog; kept by the page, so that closing the dialog loses nothing. `field`: JSON pointer of what has to change, or ''. */
export type RejectDraft = { kind: RefusalKind; field: string; reason: string }

/** What is sent: a rejection ends the action, asking for a change gives it back to its executor. */
export function toRefusalDecision({ kind, field, reason }: RejectDraft, about: { revision: number; payload_hash: string }): Decision {
  const bound = { revision: about.revision, payload_hash: about.payload_hash, reason: reason.trim() }
  if (kind === 'change_this') return { kind: 'ask_change', field: field === '' ? null : field, ...bound }
  return { kind: 'reject', reject_kind: kind, ...bound }
}
