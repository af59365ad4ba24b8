import type { QueryKey } from '@tanstack/react-query'

/**
 * Refreshes query keys at most once per `spacingMs` each: the first at once, what comes meanwhile once more at the end. So fifty
 * events a second cost one read a second, and the last event is never the one that got lost.
 */
export function createRefreshQueue(spacingMs: number, refresh: (key: QueryKey) => void): (keys: readonly QueryKey[]) => void {
  const quietUntil = new Map<string, { again: boolean }>()

  function start(name: string, key: QueryKey): void {
    const entry = { again: false }
    quietUntil.set(name, entry)
    refresh(key)
    setTimeout(() => {
      quietUntil.delete(name)
      if (entry.again) start(name, key)
    }, spacingMs)
  }

  return (keys) => {
    const seen = new Set<string>()
    for (const key of keys) {
      const name = JSON.stringify(key)
      if (seen.has(name)) continue
      seen.add(name)
      const entry = quietUntil.get(name)
      if (entry) entry.again = true
      else start(name, key)
    }
  }
}
