import { ApiProblem, OutsideContract, Unreachable } from '@autopack/api-client/errors'

/**
 * Whether the same request may succeed a moment later: nobody answered, the server said that it is busy or not ready, or something in
 * between answered in its place (502 and 504 of a proxy are pages, not problems).
 */
export function mayPass(error: unknown): boolean {
  if (error instanceof OutsideContract) return error.status >= 500
  return error instanceof Unreachable || (error instanceof ApiProblem && (error.problem.status >= 500 || error.problem.status === 429))
}
