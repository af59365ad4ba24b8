import type { ExternalAction } from '@autopack/contract/external-actions'
import type { ResolveInput } from './ledger-queries.ts'

/** What is typed about an unknown outcome; `outcome` null: not chosen yet. */
export type FindingDraft = { outcome: 'completed' | 'failed' | null; looked_at: string; reason: string; external_object_id: string }
export const emptyFinding: FindingDraft = { outcome: null, looked_at: '', reason: '', external_object_id: '' }

const longest = { looked_at: 2_000, reason: 2_000, external_object_id: 200 } as const

/** Why it cannot be sent yet, in words for the button; null: it can. */
export function findFindingFault(draft: FindingDraft): string | null {
  if (draft.looked_at.trim() === '') return 'say where you looked'
  if (draft.outcome === null) return 'choose what you found'
  if (draft.reason.trim() === '') return 'say how you know'
  if (draft.looked_at.trim().length > longest.looked_at) return 'shorten where you looked'
  if (draft.reason.trim().length > longest.reason) return 'shorten how you know'
  return draft.outcome === 'completed' && draft.external_object_id.trim().length > longest.external_object_id ? 'shorten the object id' : null
}

/** What is sent; null while something is missing. The object id belongs to an effect, so without one it is left out. */
export function toFinding(draft: FindingDraft, execution: NonNullable<ExternalAction['execution']>): ResolveInput['finding'] | null {
  const { outcome } = draft
  if (outcome === null || findFindingFault(draft) !== null) return null
  const external_object_id = draft.external_object_id.trim()
  return {
    execution_id: execution.execution_id,
    outcome,
    looked_at: draft.looked_at.trim(),
    reason: draft.reason.trim(),
    ...(outcome === 'completed' && external_object_id !== '' ? { external_object_id } : {}),
  }
}
