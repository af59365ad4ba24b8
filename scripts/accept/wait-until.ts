import { setTimeout as delay } from 'node:timers/promises'

/** Asks until the answer is neither null, undefined nor false; throws with what was waited for when the time is over. */
export async function waitUntil<T>(
  what: string,
  limitMs: number,
  ask: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  everyMs = 250,
): Promise<T> {
  const deadline = performance.now() + limitMs
  for (;;) {
    const answer = await ask()
    if (answer !== null && answer !== undefined && answer !== false) return answer
    if (performance.now() > deadline) throw new Error(`waited ${(limitMs / 1000).toFixed(0)} s for ${what}`)
    await delay(everyMs)
  }
}
