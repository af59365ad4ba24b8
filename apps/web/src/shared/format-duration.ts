const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** `3 s`, `6 min`, `2 h 11 min`, `1 d 4 h`: two units at most, negative counts as nothing. */
export function formatDuration(ms: number): string {
  const rest = Math.max(0, ms)
  if (rest < minuteMs) return `${Math.floor(rest / secondMs)} s`
  if (rest < hourMs) return `${Math.floor(rest / minuteMs)} min`
  if (rest < dayMs) return join(Math.floor(rest / hourMs), 'h', Math.floor((rest % hourMs) / minuteMs), 'min')
  return join(Math.floor(rest / dayMs), 'd', Math.floor((rest % dayMs) / hourMs), 'h')
}

/** As `formatDuration`, but with seconds below an hour, tenths below ten seconds, milliseconds below a tenth: `45 ms`, `0.4 s`, `2 min 12 s`. */
export function formatExactDuration(ms: number): string {
  const rest = Math.max(0, ms)
  if (rest < 100) return rest === 0 ? '0 s' : `${Math.max(1, Math.round(rest))} ms`
  if (rest < 10 * secondMs) return `${(Math.floor(rest / 100) / 10).toFixed(1)} s`
  if (rest < minuteMs) return `${Math.floor(rest / secondMs)} s`
  if (rest < hourMs) return join(Math.floor(rest / minuteMs), 'min', Math.floor((rest % minuteMs) / secondMs), 's')
  return formatDuration(rest)
}

function join(first: number, firstUnit: string, second: number, secondUnit: string): string {
  return second === 0 ? `${first} ${firstUnit}` : `${first} ${firstUnit} ${second} ${secondUnit}`
}
