/** One clock for the whole page: the server's, as last heard, ticking with the browser's. Deadlines never trust the browser's own. */
import { useSyncExternalStore } from 'react'

let offsetMs = 0
let shownMs = 0
let shownBrowserMs = 0
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

/** `now` of an answer or of the event stream (RFC 3339). */
export function observeServerTime(now: string): void {
  const serverMs = Date.parse(now)
  if (!Number.isNaN(serverMs)) offsetMs = serverMs - Date.now()
}

/** Milliseconds since the epoch, by the server's clock. */
export function serverNowMs(): number {
  return Date.now() + offsetMs
}

function tick(): void {
  shownMs = serverNowMs()
  shownBrowserMs = Date.now()
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  // A hidden tab is throttled by the browser; one tick when it comes back repairs what stood still.
  if (listeners.size === 1) {
    timer = setInterval(tick, 1_000)
    document.addEventListener('visibilitychange', tick)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', tick)
    }
  }
}

function currentTick(): number {
  // Without a subscriber nothing ticks, so the first reader must not see a time from long ago.
  if (listeners.size === 0 || shownMs === 0) shownMs = Math.floor(serverNowMs() / 1_000) * 1_000
  return shownMs
}

function currentBrowserTick(): number {
  if (listeners.size === 0 || shownBrowserMs === 0) shownBrowserMs = Math.floor(Date.now() / 1_000) * 1_000
  return shownBrowserMs
}

/** The browser's own time in milliseconds, renewed once a second: for what only this page experienced. */
export function useBrowserNow(): number {
  return useSyncExternalStore(subscribe, currentBrowserTick)
}

/** The server's time in milliseconds, renewed once a second. */
export function useServerNow(): number {
  return useSyncExternalStore(subscribe, currentTick)
}
