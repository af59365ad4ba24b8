import type { finishExternalAction } from '@autopack/contract/executor-actions'
import { reportTextLimits } from '@autopack/contract/limits'
import type { BodyOf } from '@autopack/contract/route'

export type Report = Omit<BodyOf<typeof finishExternalAction>, 'fence'>

/**
 * The report as the contract takes it, whatever a provider or an error said: what happened must not stay untold because a text was too
 * long. Texts lose what is over their limits, and NULs. An address that was cut would lead elsewhere: it is left out.
 */
export function fitReport(report: Report): Report {
  const { external_url, ...rest } = report
  const url = external_url === undefined || external_url === null ? undefined : String(external_url)
  return {
    ...rest,
    external_object_id: fitText(report.external_object_id, reportTextLimits.external_object_id),
    external_url: url === undefined || url.length > reportTextLimits.external_url || url.includes('\0') ? undefined : url,
    error_code: fitText(report.error_code, reportTextLimits.error_code),
    error_summary: fitText(report.error_summary, reportTextLimits.error_summary),
  }
}

/** Text for the console, at most `most` UTF-16 units. What a provider answers may be a number where a text was expected. */
export function fitText(value: unknown, most: number): string | undefined {
  if (value === undefined || value === null) return undefined
  // A cut may leave half a character behind, which no database takes.
  return String(value).replaceAll('\0', '').slice(0, most).toWellFormed()
}
