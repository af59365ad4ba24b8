import { ApiProblem, OutsideContract, Unreachable } from '@autopack/api-client/errors'
import { StepUpStopped } from './step-up/step-up-stopped.ts'

export type ProblemWords = { what: string; todo: string; requestId: string | null }

/** Words for anything a call can throw: what happened, what to do, and the request id where there is one. */
export function describeProblem(error: unknown): ProblemWords {
  if (error instanceof ApiProblem) {
    const wait = error.retryAfterSeconds === null ? '' : ` Try again in ${error.retryAfterSeconds} s.`
    return { what: `${error.problem.title}.`, todo: `${error.problem.detail}${wait}`, requestId: error.problem.request_id }
  }
  if (error instanceof Unreachable) {
    return { what: 'The console did not answer.', todo: 'It is not running, or the network is down. What is shown may be old.', requestId: null }
  }
  if (error instanceof OutsideContract) {
    return { what: 'The answer makes no sense to this page.', todo: 'The page may be older than the server: reload it.', requestId: null }
  }
  if (error instanceof StepUpStopped) return { what: error.what, todo: error.todo, requestId: null }
  return { what: 'Something failed in this page.', todo: 'Reload it; what you typed elsewhere is not affected.', requestId: null }
}
