/** A name to begin with: what the browser says that it runs on. */
export function suggestPasskeyName(taken: readonly string[], browserWords: string): string {
  const base = browserWords.replace(/^.* on /, '') || 'Passkey'
  if (!taken.includes(base)) return base
  for (let count = 2; ; count += 1) if (!taken.includes(`${base} ${count}`)) return `${base} ${count}`
}

/** What stands above the list: what is missing, and until when it can be repaired. */
export type Standing = 'closed' | 'open' | 'one' | 'enough'

export function toStanding(passkeyCount: number, mayEnrolUntilMs: number | null, nowMs: number): Standing {
  if (passkeyCount > 0) return passkeyCount === 1 ? 'one' : 'enough'
  return mayEnrolUntilMs !== null && mayEnrolUntilMs > nowMs ? 'open' : 'closed'
}
