/** Refusals belong in the audit log, but a flood of them must not fill it: beyond thirty a minute they are counted. */
import type { Database } from '@autopack/server-kit/open-database'
import { recordOutboxEvent } from './outbox-rows.ts'
import type { SignInEvent } from './outbox-rows.ts'

const singlyPerMinute = 30

type Refusal = Pick<SignInEvent, 'operator_id' | 'name' | 'detail' | 'code'> & { kind: 'sign_in_refused' | 'request_refused' }

export type Refusals = {
  record: (refusal: Refusal) => Promise<void>
  /** Writes the counts of what was not written singly. Called every minute and before the process ends. */
  flush: () => Promise<void>
}

export function createRefusals(db: Database, now: () => Date): Refusals {
  /** Of all refused sign-ins together, whatever names are typed, and of each person who is signed in. */
  const lanes = new Map<string, { minute: number; written: number; counted: number; last: Refusal }>()
  return {
    record: async (refusal) => {
      const name = refusal.kind === 'request_refused' ? `of ${refusal.operator_id}` : 'sign-ins'
      const minute = Math.floor(now().getTime() / 60_000)
      const lane = lanes.get(name) ?? { minute, written: 0, counted: 0, last: refusal }
      lanes.set(name, lane)
      if (lane.minute !== minute) Object.assign(lane, { minute, written: 0 })
      lane.last = refusal
      if (lane.written >= singlyPerMinute) {
        lane.counted += 1
        return
      }
      lane.written += 1
      await recordOutboxEvent(db, refusal, now())
    },
    flush: async () => {
      const minute = Math.floor(now().getTime() / 60_000)
      for (const [name, lane] of lanes) {
        const { counted, last } = lane
        lane.counted = 0
        if (lane.minute !== minute) lanes.delete(name)
        if (counted === 0) continue
        const summary =
          last.kind === 'request_refused'
            ? { ...last, detail: `${counted} further refused requests, counted instead of listed` }
            : { ...last, operator_id: null, name: '', detail: `${counted} further refused sign-ins, counted instead of listed` }
        await recordOutboxEvent(db, summary, now())
      }
    },
  }
}
