const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/

/** Whether a value is a moment like `2026-11-23T10:15:30.123Z`. The day after the last one of a month is none, though it can be parsed. */
export function isMoment(value: unknown): value is string {
  if (typeof value !== 'string' || !form.test(value)) return false
  const time = Date.parse(value)
  return Number.isFinite(time) && new Date(time).toISOString() === value
}
