import type { BodyOf } from '@autopack/contract/route'
import type { finishExternalAction } from '@autopack/contract/executor-actions'

export type Report = Omit<BodyOf<typeof finishExternalAction>, 'fence'>
export type Outcome = {
  outcome: 'completed' | 'failed' | 'unknown' | 'simulated'
  error_code: string | null
  error_summary: string | null
  /** What becomes of the reservation: spent, free again, or kept until a person has looked. */
  reservation: 'used' | 'released' | 'kept'
}

/**
 * What an executor's report makes of an execution. Nothing is believed to be completed that was not sent, byte for byte, as approved;
 * only a report that nothing left releases what was reserved. A report that is not believed stays in the words, so that somebody who
 * looks the outcome up reads it, and another report is not taken for the same one. Null: the report contradicts itself.
 */
export function resolveOutcome(report: Report, mode: 'live' | 'dry_run', expectedSha256: string): Outcome | null {
  const said = { error_code: report.error_code ?? null, error_summary: report.error_summary ?? null }
  if (mode === 'dry_run') {
    if (report.sent !== 'no') {
      return {
        ...toDisbelieved(report, 'sent_in_dry_run', 'The executor says that something was sent, or may have been, although this is a dry run.'),
        reservation: 'kept',
      }
    }
    if (report.outcome === 'completed') return { outcome: 'simulated', ...said, reservation: 'released' }
    return { outcome: report.outcome, ...said, reservation: 'released' }
  }
  if (report.outcome === 'completed' && report.sent !== 'yes') return null
  const sentOtherBytes = report.sent_sha256 !== undefined && report.sent_sha256 !== expectedSha256
  if (report.sent === 'yes' && (sentOtherBytes || (report.outcome === 'completed' && report.sent_sha256 === undefined))) {
    const what = sentOtherBytes ? 'The bytes that the executor sent are not the approved ones.' : 'The executor does not say which bytes it sent.'
    return { ...toDisbelieved(report, 'hash_mismatch', what), reservation: 'kept' }
  }
  if (report.outcome === 'completed') return { outcome: 'completed', ...said, reservation: 'used' }
  if (report.outcome === 'failed' && report.sent === 'no') return { outcome: 'failed', ...said, reservation: 'released' }
  if (report.outcome === 'failed' && report.sent === 'yes') return { outcome: 'failed', ...said, reservation: 'used' }
  return { outcome: 'unknown', ...said, reservation: 'kept' }
}

/** The outcome of a report that is not believed: why, and what it said. */
export function toDisbelieved(report: Report, error_code: string, what: string): Pick<Outcome, 'outcome' | 'error_code' | 'error_summary'> {
  const said = [report.outcome, report.error_code, report.error_summary].filter((part) => part !== undefined && part !== '')
  return { outcome: 'unknown', error_code, error_summary: `${what} It said: ${said.join(': ')}` }
}
