import { createHash } from 'node:crypto'

/** Holds somebody to a reason that is sealed for now: whoever reads it later can see that it was not changed. */
export function toReasonSha256(decisionId: string, reason: string): string {
  return createHash('sha256').update(`${decisionId}\n${reason}`).digest('hex')
}
