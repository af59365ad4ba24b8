import { toVisibleText } from '@autopack/approval-proof/visible-text'
import type { AuditEvent } from '@autopack/contract/audit'

export type AuditTone = 'halted' | 'failed' | 'needs' | 'quiet'

/** Whatever was done to it says what it is. */
const understood = new Set(['external_action', 'control'])

/** `external_action.approved` as words: what was done, without the noun every line would repeat. */
export function toDidWords(eventType: string): string {
  const [noun = '', ...rest] = eventType.split('.')
  const words = (rest.length === 0 || !understood.has(noun) ? [noun, ...rest] : rest).join(' ')
  return words.replaceAll('_', ' ')
}

/** What the event is about, in the words it carries; null when it is about nothing but the principal. */
export function toSubjectWords(event: AuditEvent): string | null {
  const subject = event.payload_summary ?? event.external_target
  if (subject !== null && subject !== '') return writeOutRest(subject)
  if (event.run_id !== null) return writeOutRest(`run ${event.run_id}`)
  return event.approval_ref?.id ?? null
}

/** Some of these texts have their hidden characters written out already and some do not: what is written stays, what still hides is written out. */
function writeOutRest(text: string): string {
  return text
    .split('⟨U+')
    .map((part) => toVisibleText(part, false).text)
    .join('⟨U+')
}

/** What came of it, with hidden characters written out: an executor may have said it. A refusal is halted, never red: nothing broke, a rule held. */
export function toResultWords(event: AuditEvent): { tone: AuditTone; text: string } {
  const code = event.error_code === null ? undefined : toVisibleText(event.error_code.replaceAll('_', ' ').toLowerCase(), false).text
  const status = event.result_status.replaceAll('_', ' ').toLowerCase()
  if (status === 'refused') return { tone: 'halted', text: code === undefined ? 'refused' : `refused, ${code}` }
  if (status === 'failed') return { tone: 'failed', text: code === undefined ? 'failed' : `failed, ${code}` }
  if (status === 'unknown') return { tone: 'needs', text: 'unknown' }
  if (['revoked', 'rejected', 'cancelled', 'expired'].includes(status)) return { tone: 'quiet', text: status }
  // Ours have their id in the entry; what was made outside is worth a place in the row.
  const outside = status === 'ok' ? null : event.external_object_id
  return { tone: 'quiet', text: outside === null ? status : `${status}, object ${toVisibleText(outside, false).text}` }
}

/** How the person showed who they are for this act; null where none was asked to, and in entries of earlier versions. */
export function toProofWords({ proof }: AuditEvent): { signed: boolean; words: string } | null {
  if (proof === null || proof === undefined) return null
  if (proof.strength === 'passkey') return { signed: true, words: 'signed with a passkey' }
  return {
    signed: false,
    words: proof.strength === 'password' ? 'rests on their password, typed a moment before' : 'rests on their session alone',
  }
}
