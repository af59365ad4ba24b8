import { describe, expect, it } from 'vitest'
import { resolveOutcome } from './resolve-outcome.ts'
import type { Report } from './resolve-outcome.ts'

const right = 'a'.repeat(64)
const wrong = 'b'.repeat(64)

const rows: [mode: 'live' | 'dry_run', report: Report, outcome: string, reservation: string | null][] = [
  ['live', { outcome: 'completed', sent: 'yes', sent_sha256: right }, 'completed', 'used'],
  ['live', { outcome: 'completed', sent: 'yes', sent_sha256: wrong }, 'unknown hash_mismatch', 'kept'],
  ['live', { outcome: 'completed', sent: 'yes' }, 'unknown hash_mismatch', 'kept'],
  ['live', { outcome: 'completed', sent: 'no' }, 'contradiction', null],
  ['live', { outcome: 'completed', sent: 'unknown' }, 'contradiction', null],
  ['live', { outcome: 'failed', sent: 'no' }, 'failed', 'released'],
  ['live', { outcome: 'failed', sent: 'yes', sent_sha256: right }, 'failed', 'used'],
  ['live', { outcome: 'failed', sent: 'yes', sent_sha256: wrong }, 'unknown hash_mismatch', 'kept'],
  ['live', { outcome: 'failed', sent: 'yes' }, 'failed', 'used'],
  ['live', { outcome: 'failed', sent: 'unknown' }, 'unknown', 'kept'],
  ['live', { outcome: 'unknown', sent: 'no' }, 'unknown', 'kept'],
  ['live', { outcome: 'unknown', sent: 'yes', sent_sha256: right }, 'unknown', 'kept'],
  ['live', { outcome: 'unknown', sent: 'unknown' }, 'unknown', 'kept'],
  ['dry_run', { outcome: 'completed', sent: 'no' }, 'simulated', 'released'],
  ['dry_run', { outcome: 'failed', sent: 'no' }, 'failed', 'released'],
  ['dry_run', { outcome: 'unknown', sent: 'no' }, 'unknown', 'released'],
  ['dry_run', { outcome: 'completed', sent: 'yes', sent_sha256: right }, 'unknown sent_in_dry_run', 'kept'],
  ['dry_run', { outcome: 'failed', sent: 'unknown' }, 'unknown sent_in_dry_run', 'kept'],
]

describe('resolveOutcome', () => {
  it.each(rows)('makes of a %s report %o: %s, reservation %s', (mode, report, outcome, reservation) => {
    const resolved = resolveOutcome(report, mode, right)
    const words = resolved === null ? 'contradiction' : [resolved.outcome, resolved.error_code].filter((part) => part !== null).join(' ')
    expect([words, resolved?.reservation ?? null]).toEqual([outcome, reservation])
  })

  it('never completes or releases for any report that does not prove it', () => {
    for (const sent of ['no', 'yes', 'unknown'] as const) {
      for (const outcome of ['completed', 'failed', 'unknown'] as const) {
        for (const sent_sha256 of [undefined, right, wrong]) {
          const resolved = resolveOutcome({ sent, outcome, sent_sha256 }, 'live', right)
          if (resolved?.outcome === 'completed') expect([sent, sent_sha256]).toEqual(['yes', right])
          if (resolved?.reservation === 'released') expect(sent).toBe('no')
        }
      }
    }
  })
})
