import type { Event } from '@autopack/contract/events'

/**
 * Collects events and hands them on at most every `spacingMs`; the first after a pause goes at once. Of several changes of one
 * resource only the newest version is kept: a change says that something changed, not how.
 */
export function createEventBatch(spacingMs: number, flush: (events: Event[]) => void): { add: (event: Event) => void; stop: () => void } {
  const waiting = new Map<string, Event>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastFlushMs = Number.NEGATIVE_INFINITY

  function flushNow(): void {
    timer = undefined
    lastFlushMs = Date.now()
    const events = [...waiting.values()]
    waiting.clear()
    if (events.length > 0) flush(events)
  }

  return {
    add(event) {
      const key = `${event.type} ${event.resource.kind} ${event.resource.id}`
      const known = waiting.get(key)
      if (!known || known.version <= event.version) waiting.set(key, event)
      timer ??= setTimeout(flushNow, Math.max(0, lastFlushMs + spacingMs - Date.now()))
    },
    stop() {
      clearTimeout(timer)
      timer = undefined
      waiting.clear()
    },
  }
}
