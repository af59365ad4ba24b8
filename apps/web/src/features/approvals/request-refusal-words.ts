import { ApiProblem } from '@autopack/api-client/errors'
import type { ProblemCode } from '@autopack/contract/problems'
import { toRefusal, type Refusal } from '../../shared/ledger/refusal-words.ts'

/** Where a refused decision about a request means something else than one about an action. */
const requestWords: Partial<Record<ProblemCode, Pick<Refusal, 'title' | 'what' | 'todo'>>> = {
  not_found: { title: 'This request is not here', what: 'It does not exist, or you may not see it.', todo: 'Go back to the queue.' },
  self_approval: {
    title: 'Nobody approves their own request',
    what: 'You started the run that asks.',
    todo: 'Another approver has to decide. You may still reject it.',
  },
  hash_mismatch: {
    title: 'These are not the bytes that were asked',
    what: 'The hash this browser computed of the body is not the one the control plane computed.',
    todo: 'Do not approve. Reload; if it comes back, tell whoever runs the control plane.',
  },
  expired: {
    title: 'The time to decide is over',
    what: 'The deadline passed before your decision arrived, by the clock of the database.',
    todo: 'Its executor was told no, because nobody answered in time. It may ask again.',
  },
}

/** Words for whatever a decision about a request ended in, never empty. */
export function toRequestRefusal(error: unknown): Refusal {
  const refusal = toRefusal(error)
  const words = error instanceof ApiProblem ? requestWords[error.problem.code] : undefined
  return words === undefined ? refusal : { ...refusal, ...words }
}
