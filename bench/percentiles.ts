/** p50 and p95 of times in milliseconds, nearest rank. */
export function percentiles(times: readonly number[]): { p50: number; p95: number } {
  const sorted = [...times].toSorted((a, b) => a - b)
  const rank = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  return { p50: rank(0.5), p95: rank(0.95) }
}
