import { setTimeout as delay } from 'node:timers/promises'

const everyMs = 10

/** Asks until the answer is true; throws Error with what was waited for when the time is over. */
export async function pollUntil(limitMs: number, what: string, ask: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + limitMs
  while (!(await ask())) {
    if (performance.now() > deadline) throw new Error(`waited ${limitMs / 1_000} s for ${what}`)
    await delay(everyMs)
  }
}
