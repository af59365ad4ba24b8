import type { AnswerOf } from '@autopack/contract/route'
import type { getSystemStatus } from '@autopack/contract/status'

type Audit = Pick<AnswerOf<typeof getSystemStatus>['audit'], 'stopped' | 'late'>

/** What keeps the audit log from being written or signed, for every page; null while nothing does. */
export function describeEvidence({ stopped, late }: Audit): { title: string; text: string } | null {
  if (stopped !== null) {
    const how = stopped.reason === 'ahead' ? 'shorter than what was signed' : 'another one than was signed'
    return { title: 'Nothing is written', text: `the audit log is ${how}, so every change is refused.` }
  }
  if (late !== null) return { title: 'Nothing is signed', text: 'the audit log has no new checkpoint although it should; receipts wait for one.' }
  return null
}
