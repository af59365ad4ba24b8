import { formatDuration } from './format-duration.ts'
import { formatAbsoluteTime, formatClockWithZone, formatShortTime } from './format-time.ts'
import { useServerNow } from './server-clock.ts'

/**
 * A moment. `relative`: `18 min ago`, or `in 18 min`; `short`: `14:13`, `Wed 10:09`, `3 Nov`; `clock`: `14:32 CET`, with the day when it is another one. The absolute time is
 * always in the title.
 */
export function Time({ at, form = 'relative' }: { at: string; form?: 'relative' | 'short' | 'clock' }) {
  const nowMs = useServerNow()
  const atMs = Date.parse(at)
  return (
    <time dateTime={at} title={formatAbsoluteTime(atMs)}>
      {form === 'relative' ? formatRelative(atMs, nowMs) : form === 'short' ? formatShortTime(atMs, nowMs) : formatClockWithZone(atMs, nowMs)}
    </time>
  )
}

/** How long since `from`, until `to` or, while it is null, still counting. */
export function Elapsed({ from, to }: { from: string; to: string | null }) {
  const nowMs = useServerNow()
  return <span className="tn">{formatDuration((to === null ? nowMs : Date.parse(to)) - Date.parse(from))}</span>
}

function formatRelative(atMs: number, nowMs: number): string {
  if (atMs > nowMs + 999) return `in ${formatDuration(atMs - nowMs)}`
  return nowMs - atMs < 2_000 ? 'now' : `${formatDuration(nowMs - atMs)} ago`
}
