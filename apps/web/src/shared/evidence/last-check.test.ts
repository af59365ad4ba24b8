import { afterEach, expect, test, vi } from 'vitest'
import { keepKnownLog, readKnownLog } from './last-check.ts'
import type { KnownLog } from './last-check.ts'

const at = '2026-03-01T12:00:00.000Z'
const known = (ok: boolean): KnownLog => ({
  last: { at, tookMs: 1, ok, count: 3, head: ok ? 'a'.repeat(64) : null, seq: ok ? null : 2, checkpoints: 1, keys: 'browser' },
  note: null,
  keys: [],
  rotations: [],
  since: at,
})

afterEach(() => vi.unstubAllGlobals())

test('a storage that is full does not bring back what was known before', () => {
  const stored = new Map<string, string>()
  let isFull = false
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => stored.get(key) ?? null,
    removeItem: (key: string) => stored.delete(key),
    setItem: (key: string, text: string) => {
      if (isFull) throw new DOMException('full', 'QuotaExceededError')
      stored.set(key, text)
    },
  })
  keepKnownLog(known(true))
  expect(readKnownLog()?.last.ok).toBe(true)
  isFull = true
  keepKnownLog(known(false))
  expect(readKnownLog()?.last.ok).toBe(false)
  isFull = false
  keepKnownLog(null)
  expect(readKnownLog()).toBe(null)
})
