/** What can go wrong with a call: the server said no, nobody answered, or the answer is not what the contract says. */
import type { Problem, ProblemCode } from '@autopack/contract/problems'

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly problem: Problem
  readonly retryAfterSeconds: number | null
  constructor(problem: Problem, retryAfterSeconds: number | null) {
    super(`${problem.code}: ${problem.detail}`)
    this.problem = problem
    this.retryAfterSeconds = retryAfterSeconds
  }
  get code(): ProblemCode {
    return this.problem.code
  }
}

/** No answer arrived: it is not known whether the request did. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
  readonly routeId: string
  constructor(routeId: string, cause: unknown) {
    super(`no answer to ${routeId}`, { cause })
    this.routeId = routeId
  }
}

export class OutsideContract extends Error {
  override readonly name = 'OutsideContract'
  readonly routeId: string
  readonly status: number
  constructor(routeId: string, status: number, detail: string) {
    super(`${routeId} answered ${status} outside the contract: ${detail}`)
    this.routeId = routeId
    this.status = status
  }
}
