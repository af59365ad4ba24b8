import type { ExternalAction } from '@autopack/contract/external-actions'

const decidedWords = { approve: 'approved', reject: 'rejected', ask_change: 'sent back', revoke: 'revoked', veto: 'vetoed' } as const

type Spoken = Pick<ExternalAction, 'state' | 'revision' | 'slots'> & {
  decisions: readonly Pick<ExternalAction['decisions'][number], 'kind' | 'revision' | 'decided_by'>[]
}

/** What is spoken when a decision arrives while the page is open, whoever made it: by whom, and how far it is. Empty: nobody decided yet. */
export function toDecisionAnnouncement(action: Spoken, ownId: string): string {
  const decision = action.decisions.at(-1)
  const state = action.state.toLowerCase()
  if (action.state !== 'PENDING') {
    if (decision === undefined) return `This action is ${state}.`
    const decided = `${decidedWords[decision.kind]} by ${toName(decision.decided_by, ownId)}`
    return decided.startsWith(state) ? `This action was ${decided}.` : `This action is ${state}, ${decided}.`
  }
  if (decision === undefined || decision.revision !== action.revision) return ''
  const name = toName(decision.decided_by, ownId)
  if (decision.kind === 'ask_change') return `A change was asked for by ${name}.`
  const filled = action.slots.filter((slot) => slot.filled_by !== null).length
  return `Approved by ${name}: ${filled} of ${action.slots.length}.`
}

function toName(person: { operator_id: string; name: string }, ownId: string): string {
  return person.operator_id === ownId ? 'you' : person.name
}
