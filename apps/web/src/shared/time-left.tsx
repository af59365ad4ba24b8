import { formatTimeLeft } from './format-time-left.ts'
import { formatAbsoluteTime } from './format-time.ts'
import { useServerNow } from './server-clock.ts'

/** What is left until `by`, by the server's clock; the absolute time in the title. */
export function TimeLeft({ by, over = 'time is over' }: { by: string; over?: string }) {
  const nowMs = useServerNow()
  const byMs = Date.parse(by)
  return (
    <time dateTime={by} title={formatAbsoluteTime(byMs)}>
      {formatTimeLeft(byMs - nowMs) ?? over}
    </time>
  )
}
