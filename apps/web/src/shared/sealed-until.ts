import type { ExternalAction } from '@autopack/contract/external-actions'

/** Until when this person does not read why others approved: whoever may approve as well reads it once they did, everybody else at the end. */
export function toSealedUntil(action: Pick<ExternalAction, 'allowed_actions'>): string {
  const mayApprove = action.allowed_actions.some((item) => item.action === 'approve' && item.allowed)
  return mayApprove ? 'until you decide' : 'until everybody needed has decided'
}
