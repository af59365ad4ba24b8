/**
 * Refusals that would flood the audit log one by one: those of nobody we know, and those over a rate limit. They are
 * counted in memory and written as one event a minute (safety.md, "Audit log").
 */
import type { ProblemCode } from '@autopack/contract/problems'
import type { Log } from '@autopack/server-kit/log'
import type { Database } from '@autopack/server-kit/open-database'
import type { Principal } from '../shared/principal.ts'
import { toPrincipalId } from '../shared/principal.ts'
import { recordAudit } from './record-audit.ts'

export type RefusalTally = {
  note: (principal: Principal, code: ProblemCode) => void
  /** Writes what was counted since the last time; what cannot be written is counted on. Rejects as recordAudit does. */
  flush: () => Promise<void>
  close: () => Promise<void>
}

const flushIntervalMs = 60_000

export function createRefusalTally(db: Database, log: Log): RefusalTally {
  let counted = new Map<string, { principal: Principal; byCode: Map<ProblemCode, number> }>()

  const flush = async () => {
    const entries = [...counted]
    counted = new Map()
    let written = 0
    try {
      for (const [, { principal, byCode }] of entries) {
        await write(principal, byCode)
        written += 1
      }
    } catch (error) {
      // What was not written counts on, together with what came meanwhile.
      for (const [id, { principal, byCode }] of entries.slice(written)) for (const [code, times] of byCode) add(id, principal, code, times)
      throw error
    }
  }
  const add = (id: string, principal: Principal, code: ProblemCode, times: number) => {
    const entry = counted.get(id) ?? { principal, byCode: new Map<ProblemCode, number>() }
    entry.byCode.set(code, (entry.byCode.get(code) ?? 0) + times)
    counted.set(id, entry)
  }
  const write = async (principal: Principal, byCode: ReadonlyMap<ProblemCode, number>) => {
    const summary = [...byCode].map(([code, times]) => `${times} × ${code}`).join(', ')
    await db.transaction((tx) =>
      recordAudit(
        tx,
        principal,
        {
          event_type: 'request.refused',
          result_status: 'refused',
          error_code: [...byCode.keys()][0]!,
          error_summary: `since the last count: ${summary}`,
        },
        { requestId: null },
      ),
    )
  }
  const flushQuietly = () => flush().catch((error: unknown) => log.error({ error }, 'refusals could not be recorded'))
  const timer = setInterval(() => void flushQuietly(), flushIntervalMs)
  timer.unref()

  return {
    note: (principal, code) => add(`${principal.kind} ${toPrincipalId(principal)}`, principal, code, 1),
    flush,
    close: async () => {
      clearInterval(timer)
      await flushQuietly()
    },
  }
}
