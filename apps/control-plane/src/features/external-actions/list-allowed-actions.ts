import type { ExternalAction } from '@autopack/contract/external-actions'
import { canDecide } from './can-decide.ts'
import type { DecideFacts } from './can-decide.ts'
import { canResolve } from './can-resolve.ts'
import type { ResolveFacts } from './can-resolve.ts'
import { canRevoke } from './can-revoke.ts'
import type { RevokeFacts } from './can-revoke.ts'

/** Everything a person could do about an action, each with whether they may and why not. */
export function listAllowedActions(facts: Omit<DecideFacts, 'kind'> & Omit<RevokeFacts, 'kind'> & ResolveFacts): ExternalAction['allowed_actions'] {
  const answers = [
    ...(['approve', 'reject', 'ask_change'] as const).map((kind) => ({ action: kind, may: canDecide({ ...facts, kind }) })),
    ...(['revoke', 'veto'] as const).map((kind) => ({ action: kind, may: canRevoke({ ...facts, kind }) })),
    { action: 'resolve' as const, may: canResolve(facts) },
  ]
  return answers.map(({ action, may }) => ({ action, allowed: may.allowed, why: may.allowed ? null : may.detail }))
}
