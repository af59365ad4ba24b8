import { ProblemError } from '@autopack/server-kit/problem-error'
import type { RunRow } from '../../db/run-tables.ts'

/** A sum that still fits into a JSON number. Throws `invalid_request` instead of overflowing. */
export function addCounted(what: string, sum: number, added: number): number {
  const next = sum + added
  if (Number.isSafeInteger(next)) return next
  throw new ProblemError('invalid_request', `The ${what} of this run would exceed what can be counted (${Number.MAX_SAFE_INTEGER}).`)
}

/** Tokens of a run that said it uses no model would be counted and never shown. */
export function refuseTokensWithoutModel(run: RunRow, tokens: number | null | undefined): void {
  if (!run.uses_model && tokens)
    throw new ProblemError('invalid_request', 'body: this run was started with uses_model: false, so it cannot have used tokens.')
}
