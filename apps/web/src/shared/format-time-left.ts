import { formatDuration, formatExactDuration } from './format-duration.ts'

/** What is left until a deadline: `18 min`, with seconds in the last ten minutes; null when it is over. */
export function formatTimeLeft(leftMs: number): string | null {
  if (leftMs <= 0) return null
  return leftMs < 600_000 ? formatExactDuration(Math.ceil(leftMs / 1_000) * 1_000).replace('.0 s', ' s') : formatDuration(leftMs)
}

const announcedMinutes = [60, 30, 10, 5, 1]

/** What a screen reader is told of a deadline: nothing until an hour before, then only when one of five marks is passed. */
export function toDeadlineAnnouncement(leftMs: number): string {
  if (leftMs <= 0) return 'The time to decide is over.'
  const passed = announcedMinutes.filter((minutes) => leftMs <= minutes * 60_000)
  const mark = passed.at(-1)
  return mark === undefined ? '' : `Less than ${mark} ${mark === 1 ? 'minute' : 'minutes'} left to decide.`
}
