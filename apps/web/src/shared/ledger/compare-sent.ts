import type { ExternalAction } from '@autopack/contract/external-actions'

/** Whether what was proposed, approved and sent is the same, as far as anybody can say. */
export type Equality = {
  verdict: 'equal' | 'different' | 'not_known'
  /** Short enough for the footer. */
  title: string
  detail: string
}

/** Null while nothing was executed. */
export function compareSent(action: ExternalAction): Equality | null {
  const { execution } = action
  if (execution === null || execution.finished_at === null) return null
  const approvals = action.decisions.filter((decision) => decision.kind === 'approve' && decision.revision === execution.revision)
  if (approvals.some((decision) => decision.payload_hash !== action.payload_hash)) {
    return {
      verdict: 'different',
      title: 'approved is not what was executed',
      detail: 'A decision names another payload hash than the one this execution used. This must not happen: look at the audit log.',
    }
  }
  const proposed = approvals.length > 0 ? 'proposed = approved' : 'proposed'
  if (execution.sent === 'no') {
    return { verdict: 'equal', title: `${proposed}, nothing sent`, detail: 'The executor says that no byte left.' }
  }
  if (execution.sent_sha256 === null) {
    return {
      verdict: 'not_known',
      title: `${proposed}, sent not known`,
      detail: 'The executor did not say which bytes it sent, so nobody can compare them with what was approved.',
    }
  }
  if (execution.sent_sha256 !== execution.expected_sha256) {
    return {
      verdict: 'different',
      title: 'sent is not what was approved',
      detail: 'The hash of the bytes that left is not the hash of the bytes the approved payload encodes to.',
    }
  }
  const words = `${proposed} = sent`
  if (execution.sent === 'yes')
    return { verdict: 'equal', title: words, detail: 'The hash of the bytes that left is the one recomputed from the payload.' }
  return { verdict: 'not_known', title: `${words}, if it was sent`, detail: 'The bytes were the right ones; whether they arrived is not known.' }
}

/** What the executor said about sending, in words. */
export function toSentWords(action: ExternalAction): string {
  const sent = action.execution?.sent ?? null
  if (action.execution === null) return 'nothing was sent'
  if (sent === 'yes') return 'sent'
  if (sent === 'no') return 'not sent'
  if (sent === 'unknown') return 'not known whether it was sent'
  return action.state === 'UNKNOWN' ? 'not known: the executor fell silent while it held the lease' : 'being sent'
}

/** The address of an external object only where a browser may safely follow it; an executor chose it. */
export function toSafeLink(url: string | null): string | null {
  if (url === null) return null
  try {
    const parsed = new URL(url)
    const plain = parsed.username === '' && parsed.password === ''
    return plain && (parsed.protocol === 'https:' || parsed.protocol === 'http:') ? parsed.href : null
  } catch {
    return null
  }
}
