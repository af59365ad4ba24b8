import { findDescriptor } from '@autopack/action-catalog/catalog'
import { readPayload } from '@autopack/approval-proof/payload'
import { computePolicy } from '@autopack/approval-proof/policy'
import type { StepUp } from '@autopack/contract/webauthn'
import type { RevisionRow } from './action-rows.ts'

const strictness: Record<StepUp, number> = { none: 0, preferred: 1, passkey: 2 }

/**
 * What an approval of this revision takes: the stricter of what was stored with it and what policy says of its bytes now; production takes a
 * passkey for tier C whatever else is said. Bytes that cannot be read any more take a passkey.
 */
export function toApprovalStepUp(
  settings: { production: boolean },
  revision: Pick<RevisionRow, 'payload' | 'tier' | 'escalated' | 'step_up'>,
): StepUp {
  if (settings.production && revision.tier === 'C') return 'passkey'
  const now = readStepUpNow(revision)
  return strictness[now] > strictness[revision.step_up] ? now : revision.step_up
}

function readStepUpNow(revision: Pick<RevisionRow, 'payload' | 'escalated'>): StepUp {
  const read = readPayload(revision.payload)
  if (!read.ok) return 'passkey'
  const descriptor = findDescriptor(read.payload.provider, read.payload.operation) ?? null
  return computePolicy(read.payload, descriptor, { escalated: revision.escalated }).approval.step_up
}
