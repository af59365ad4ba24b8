/** What is left of a launch hold, as a clock: `0:42`, `11:05:20`; null when it is over. */
export function formatHoldClock(leftMs: number): string | null {
  if (leftMs <= 0) return null
  const seconds = Math.ceil(leftMs / 1_000)
  const two = (value: number) => String(value).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
}
