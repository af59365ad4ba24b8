/** A name to begin with, such as `Chrome on Linux`: the browser as it names itself, without a version that will be another one soon. */
export function suggestPasskeyName(taken: readonly string[], browserWords: string): string {
  const base = browserWords.replace(/ \d+(?= on |$)/, '') || 'Passkey'
  if (!taken.includes(base)) return base
  for (let count = 2; ; count += 1) if (!taken.includes(`${base} ${count}`)) return `${base} ${count}`
}

/** What stands above the list: what is missing, and until when it can be repaired. */
export type Standing = 'closed' | 'open' | 'one' | 'enough'

export function toStanding(passkeyCount: number, mayEnrolUntilMs: number | null, nowMs: number): Standing {
  if (passkeyCount > 0) return passkeyCount === 1 ? 'one' : 'enough'
  return mayEnrolUntilMs !== null && mayEnrolUntilMs > nowMs ? 'open' : 'closed'
}
