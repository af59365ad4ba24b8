/** Refused sign-ins belong in the audit log, but a flood of them must not fill it: beyond thirty a minute they are counted. */
import type { Database } from '@autopack/server-kit/open-database'
import { recordOutboxEvent } from './outbox-rows.ts'

const singlyPerMinute = 30

export type RefusedSignIns = {
  record: (refusal: { operatorId: string | null; name: string; detail: string }) => Promise<void>
  /** Writes the count of what was not written singly. Called every minute and before the process ends. */
  flush: () => Promise<void>
}

export function createRefusedSignIns(db: Database, now: () => Date): RefusedSignIns {
  let minute = 0
  let written = 0
  let counted = 0
  return {
    record: async ({ operatorId, name, detail }) => {
      const current = Math.floor(now().getTime() / 60_000)
      if (current !== minute) {
        minute = current
        written = 0
      }
      if (written >= singlyPerMinute) {
        counted += 1
        return
      }
      written += 1
      await recordOutboxEvent(db, { kind: 'sign_in_refused', operator_id: operatorId, name, detail }, now())
    },
    flush: async () => {
      if (counted === 0) return
      const count = counted
      counted = 0
      const detail = `${count} further refused sign-ins, counted instead of listed`
      await recordOutboxEvent(db, { kind: 'sign_in_refused', operator_id: null, name: '', detail }, now())
    },
  }
}
