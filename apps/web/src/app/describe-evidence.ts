import type { AnswerOf } from '@autopack/contract/route'
import type { getSystemStatus } from '@autopack/contract/status'

type Audit = Pick<AnswerOf<typeof getSystemStatus>['audit'], 'stopped'>

/** What keeps the audit log from being written, for every page; null while nothing does. */
export function describeEvidence({ stopped }: Audit): { title: string; text: string } | null {
  if (stopped === null) return null
  return {
    title: 'Nothing is written',
    text:
      stopped.reason === 'ahead'
        ? 'the audit log is shorter than what was signed, so every change is refused.'
        : 'the audit log is another one than was signed, so every change is refused.',
  }
}
