/** Times for people, in the zone of the browser; the zone is named wherever a deadline is shown. */
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const clockWithZone = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZoneName: 'short' })
const weekdayClock = new Intl.DateTimeFormat('en-GB', { weekday: 'short', hour: '2-digit', minute: '2-digit' })
const weekday = new Intl.DateTimeFormat('en-GB', { weekday: 'short' })
const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' })
const dayMonthYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })
const absolute = new Intl.DateTimeFormat('en-GB', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'short',
})

/** `Sun, 22 Nov 2026, 14:14:02 CET` */
export function formatAbsoluteTime(atMs: number): string {
  return absolute.format(atMs)
}

/** `14:32 CET` today, `Wed 14:32 CET` within six days, `3 Nov 14:32 CET` beyond, `3 Nov 2036 14:32 CET` in another year. */
export function formatClockWithZone(atMs: number, nowMs: number): string {
  const text = clockWithZone.format(atMs)
  if (new Date(atMs).toDateString() === new Date(nowMs).toDateString()) return text
  return `${(Math.abs(nowMs - atMs) < 6 * 86_400_000 ? weekday : toDayFormat(atMs, nowMs)).format(atMs)} ${text}`
}

/** `14:13` today, `Wed 10:09` within six days, `3 Nov` this year, `3 Nov 2025` before. */
export function formatShortTime(atMs: number, nowMs: number): string {
  const at = new Date(atMs)
  if (at.toDateString() === new Date(nowMs).toDateString()) return clock.format(at)
  if (Math.abs(nowMs - atMs) < 6 * 86_400_000) return weekdayClock.format(at).replace(',', '')
  return toDayFormat(atMs, nowMs).format(at)
}

function toDayFormat(atMs: number, nowMs: number): Intl.DateTimeFormat {
  return new Date(atMs).getFullYear() === new Date(nowMs).getFullYear() ? dayMonth : dayMonthYear
}
